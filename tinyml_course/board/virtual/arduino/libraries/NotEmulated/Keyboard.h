#pragma once
#error "Keyboard.h: USB keyboards are in the real core, the virtual one has none: print to Serial"
