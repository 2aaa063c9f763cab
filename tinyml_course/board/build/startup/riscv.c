/* What runs before main() on a RISC-V core: the stack pointer, variables, constructors.
 *
 * Unlike a Cortex-M, the core sets no stack pointer by itself: the first instructions must. */
#include <stdint.h>

extern uint32_t __data_start, __data_end, __data_load, __bss_start, __bss_end;
extern void (*__init_array_start[])(void), (*__init_array_end[])(void);

int main(void);
void Reset_Handler(void);
void start_program(void);
void __return_here(void);

/* A program without a main is a collection of functions that somebody calls from outside. */
__attribute__((weak)) int main(void) { return 0; }

/* Where a function called from outside returns to; nothing else happens here. */
__attribute__((used, noinline)) void __return_here(void) {
  for (;;) {
    __asm__ volatile("");
  }
}

/* The volatile pointers keep the compiler from turning the loops into memcpy and memset. */
__attribute__((used, noreturn)) void start_program(void) {
  const volatile uint32_t *from = &__data_load;
  for (volatile uint32_t *to = &__data_start; to < &__data_end;) *to++ = *from++;
  for (volatile uint32_t *to = &__bss_start; to < &__bss_end;) *to++ = 0;
  for (void (**constructor)(void) = __init_array_start; constructor < __init_array_end;) {
    (*constructor++)();
  }
  (void)main();
  for (;;) {
    __return_here();
  }
}

__attribute__((naked, used, section(".vectors"))) void Reset_Handler(void) {
  __asm__ volatile("la sp, __stack_top\n\ttail start_program");
}
