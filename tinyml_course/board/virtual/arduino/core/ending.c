/* How a program ends that cannot go on: it tells the board why, and the board stops there. On a real
 * board the same calls print nothing and hang. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "board_io.h"

static _Noreturn void end_program(const char *message, void *caller) {
  SYSTEM_CALLER = (uint32_t)(uintptr_t)caller;
  SYSTEM_ABORT = (uint32_t)(uintptr_t)message;
  for (;;) {
  }
}

__attribute__((noinline)) _Noreturn void abort(void) {
  end_program("abort() was called", __builtin_return_address(0));
}

/* What assert() of <assert.h> calls; the caller's address says file and line. */
__attribute__((noinline)) _Noreturn void __assert_fail(const char *expression, const char *file,
                                                       int line, const char *function) {
  static char message[160] = "assert(";
  (void)file, (void)line, (void)function;
  const size_t begin = strlen(message), room = sizeof(message) - begin - 2;
  strncpy(message + begin, expression, room);
  strcpy(message + strlen(message), ")");
  end_program(message, __builtin_return_address(0));
}

/* What a C++ object calls that is asked for a function it does not have yet. */
_Noreturn void __cxa_pure_virtual(void) {
  end_program("a pure virtual function was called", __builtin_return_address(0));
}
