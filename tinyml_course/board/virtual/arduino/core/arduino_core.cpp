// The core in one compilation: the linker still leaves out every function that nobody calls.
#include "Print.cpp"
#include "Stream.cpp"
#include "WString.cpp"
#include "Wire.cpp"
#include "cpp_runtime.cpp"
#include "main.cpp"
#include "pins.cpp"
#include "wiring.cpp"
