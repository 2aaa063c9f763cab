// What the compiler calls for `new`, `delete` and objects that outlive setup().
#include <stdlib.h>

#include "new"

// Out of memory: the mbed and ESP32 cores stop there, Seeed's hands out a null pointer.
void *operator new(size_t size) {
  void *memory = malloc(size ? size : 1);
#if defined(BOARD_CORE_API) || defined(ARDUINO_ARCH_ESP32)
  if (!memory) abort();
#endif
  return memory;
}
void *operator new[](size_t size) { return operator new(size); }
void *operator new(size_t size, const std::nothrow_t &) noexcept { return malloc(size ? size : 1); }
void *operator new[](size_t size, const std::nothrow_t &) noexcept { return malloc(size ? size : 1); }
void operator delete(void *memory) noexcept { free(memory); }
void operator delete[](void *memory) noexcept { free(memory); }
void operator delete(void *memory, size_t) noexcept { free(memory); }
void operator delete[](void *memory, size_t) noexcept { free(memory); }

const std::nothrow_t std::nothrow{};

extern "C" {
void *__dso_handle;
// A board is never left: nothing that was asked for at the end is ever due.
int __cxa_atexit(void (*)(void *), void *, void *) { return 0; }
int atexit(void (*)(void)) { return 0; }
}
