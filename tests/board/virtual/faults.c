#include <stdint.h>
volatile uintptr_t zero;
const volatile int constant = 5;
int counter;
int null_read(void) { return *(volatile int *)zero; }
int nowhere(void) {
  volatile int *const p = (volatile int *)0x90000000;
  return *p; /* line 8 */
}
int recurse(int n) { volatile char frame[64]; frame[0] = (char)n; return recurse(n + 1) + frame[0]; }
int forever(void) { for (;;) { zero++; } }
void trap(void) { __builtin_trap(); }
void write_flash(void) { *(volatile int *)(uintptr_t)&constant = 3; }
void wild_jump(void) { ((void (*)(void))0x12345679)(); }
void beyond_ram(volatile char *p, int n) { for (int i = 0; i < n; i++) p[i] = 1; }
int sum_of_six(int a, int b, int c, int d, int e, int f) { return a + b + c + d + 10 * e + 100 * f; }
void fill(int8_t *out, int n) { for (int i = 0; i < n; i++) out[i] = (int8_t)i; }
int initialized = 42;
int count_up(void) { return ++initialized; }
float third(int n) { return (float)n / 3.0f; }
int thirds(int n) { return (int)(1000.0f * third(n)); }
int read_word(const volatile int *at) { return *at; }
int read_half(const volatile short *at) { return *at; }
void write_word(volatile int *at) { *at = 1; }
void write_half(volatile short *at) { *at = 1; }
