/* The C library in one compilation: the linker still leaves out what nobody calls. */
#include "ending.c"
#include "functions.c"
#include "memory.c"
#include "strings.c"
