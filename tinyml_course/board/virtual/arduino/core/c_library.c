/* The C library in one compilation: the linker still leaves out what nobody calls. */
#include "characters.c"
#include "ending.c"
#include "formatted.c"
#include "functions.c"
#include "memory.c"
#include "numbers.c"
#include "strings.c"
#include "texts.c"
