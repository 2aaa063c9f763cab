/* Division of 64 bits, with what the real boards' run-time library (GCC's) makes of a division by zero.
 * The compiler's own may never come back from one on RISC-V. The others are as there: the M4 divides 32
 * bits by zero to 0, RISC-V's `div` to -1, GCC's functions for the M0+ to 0; the rest is the numerator. */
typedef unsigned long long whole;
whole __udivmoddi4(whole number, whole divisor, whole *rest); /* of the compiler's library */

#ifdef __riscv
/* GCC's quotient there has all bits set, and the rest is what fits into 32 of them. */
static whole divide(whole number, whole divisor, whole *rest) {
  if (divisor) return __udivmoddi4(number, divisor, rest);
  *rest = (unsigned)number;
  return ~0ull;
}
static whole size_of(long long number) { return number < 0 ? 0 - (whole)number : (whole)number; }

whole __udivdi3(whole number, whole divisor) {
  whole rest;
  return divide(number, divisor, &rest);
}
whole __umoddi3(whole number, whole divisor) {
  whole rest;
  divide(number, divisor, &rest);
  return rest;
}
long long __divdi3(long long number, long long divisor) {
  whole rest;
  const whole quotient = divide(size_of(number), size_of(divisor), &rest);
  return (long long)((number < 0) != (divisor < 0) ? 0 - quotient : quotient);
}
long long __moddi3(long long number, long long divisor) {
  whole rest;
  divide(size_of(number), size_of(divisor), &rest);
  return (long long)(number < 0 ? 0 - rest : rest);
}
#else
/* The largest number of its sign, 0 for 0, and no rest: __aeabi_ldiv0 returns to the sketch. */
long long __divmoddi4(long long number, long long divisor, long long *rest);

whole board_divide_unsigned(whole number, whole divisor, whole *rest) {
  if (divisor) return __udivmoddi4(number, divisor, rest);
  *rest = 0;
  return number ? ~0ull : 0;
}
long long board_divide_signed(long long number, long long divisor, long long *rest) {
  if (divisor) return __divmoddi4(number, divisor, rest);
  *rest = 0;
  return number > 0 ? 0x7FFFFFFFFFFFFFFFll : number < 0 ? -0x7FFFFFFFFFFFFFFFll - 1 : 0;
}

/* ARM's ABI wants the quotient in r0 and r1 and the rest in r2 and r3: nothing that C can return. */
#define DIVISION(name, function)                                            \
  __attribute__((naked)) void name(void) {                                  \
    __asm volatile(                                                         \
        "push {r4, lr}\n sub sp, #16\n add r4, sp, #8\n str r4, [sp]\n"     \
        "bl " #function "\n ldr r2, [sp, #8]\n ldr r3, [sp, #12]\n"        \
        "add sp, #16\n pop {r4, pc}\n");                                    \
  }
DIVISION(__aeabi_uldivmod, board_divide_unsigned)
DIVISION(__aeabi_ldivmod, board_divide_signed)
#endif
