#pragma once
#error "Mouse.h: USB mice are in the real core, the virtual one has none: print to Serial"
