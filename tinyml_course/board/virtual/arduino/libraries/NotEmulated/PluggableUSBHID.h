#pragma once
#error "PluggableUSBHID.h: USB keyboards are in the real core, the virtual one has none: print to Serial"
