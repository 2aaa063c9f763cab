/* What runs before main() on a Cortex-M: variables get their start values, then constructors run.
 *
 * The processor reads two words from the start of flash: the stack's top and the address to begin
 * at. Everything else about "booting" is this one page of C. */
#include <stdint.h>

extern uint32_t __stack_top, __data_start, __data_end, __data_load, __bss_start, __bss_end;
extern void (*__init_array_start[])(void), (*__init_array_end[])(void);

int main(void);
void Reset_Handler(void);
void Fault_Handler(void);
void __return_here(void);

/* A program without a main is a collection of functions that somebody calls from outside. */
__attribute__((weak)) int main(void) { return 0; }

/* Where a function called from outside returns to; nothing else happens here. */
__attribute__((used, noinline)) void __return_here(void) {
  for (;;) {
    __asm__ volatile("");
  }
}

__attribute__((used)) void Fault_Handler(void) { __return_here(); }

/* The volatile pointers keep the compiler from turning the loops into calls of memcpy and memset,
 * which an empty program would then have to carry. */
__attribute__((used, noreturn)) void Reset_Handler(void) {
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

typedef void (*Handler)(void);
__attribute__((section(".vectors"), used)) const struct {
  const void *stack_top;
  Handler handlers[15];
} vectors = {&__stack_top,
             {Reset_Handler, Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler,
              Fault_Handler, 0, 0, 0, 0, Fault_Handler, Fault_Handler, 0, Fault_Handler,
              Fault_Handler}};
