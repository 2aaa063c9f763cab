/* Code to be interrupted at every block, and handlers that must not notice what they interrupted.
 *
 * The conditional instructions are so many that the emulator's blocks, which end at page borders,
 * end within IT blocks at every place there is.
 */
#include <stdint.h>

#define STATUS (*(volatile uint32_t *)0x40000000)

volatile uint32_t handled, wrong, stored;

void count(uint32_t argument) {
  const uint32_t next = argument + 1;
  handled = handled + 1;
  if (argument != 41 || next != 42) wrong = wrong + 1;
}

/* As a microphone's: takes what is there, then stores it; a last access, then the end. */
void take(void) {
  const uint32_t taken = STATUS;
  stored = stored + taken;
  STATUS = 0;
}

void wait_forever(void) {
  while (STATUS) {
  }
}

#if defined(__ARM_ARCH) && __ARM_ARCH >= 7
#define UNIT                                                                            \
  "cmp %0, %1\n itete lt\n addlt %0, #7\n subge %0, #3\n addlt %0, %0, %1\n eorge %0, %1\n" \
  "add %1, #5\n nop\n" /* 18 bytes, so that borders meet every instruction */
#define REPEAT_8(x) x x x x x x x x
#define STRAIGHT __asm__ volatile(REPEAT_8(REPEAT_8(REPEAT_8(UNIT))) : "+r"(a), "+r"(b)::"cc");
#else
#define STRAIGHT a = a < b ? a + 7 + b : (a - 3) ^ b;
#endif

__attribute__((noinline)) static uint32_t conditional(uint32_t a, uint32_t b) {
  STRAIGHT
  return a ^ b;
}

int main(void) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < 8; i++) sum = sum * 3 + conditional(i * 1000, i * i);
  return (int)sum;
}
