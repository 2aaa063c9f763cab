/* Code of every kind that the emulator may cut into blocks in its own way: loops, IT blocks, calls,
 * jump tables, recursion, floats, 64-bit division, copies, and one block longer than any limit. */
#include <stdint.h>
#include <string.h>

static uint8_t buffer[300];

static uint32_t collatz(uint32_t n) {
  uint32_t steps = 0;
  while (n != 1 && steps < 200) {
    n = (n & 1) ? 3 * n + 1 : n / 2;
    steps++;
  }
  return steps;
}

static int32_t clamp(int32_t x, int32_t low, int32_t high) {
  if (x < low) x = low;
  if (x > high) x = high;
  return x;
}

__attribute__((noinline)) static uint32_t fibonacci(uint32_t n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

__attribute__((noinline)) static uint32_t choose(uint32_t op, uint32_t a, uint32_t b) {
  switch (op) {
    case 0: return a + b;
    case 1: return a * b;
    case 2: return b ? a / b : 0;
    case 3: return a ^ b;
    case 4: return a << (b & 7);
    case 5: return a > b ? a - b : b - a;
    case 6: return (uint32_t)(((uint64_t)a << 20) / (b | 1));
    default: return op;
  }
}

#define REPEAT_8(x) x x x x x x x x
#define REPEAT_512(x) REPEAT_8(REPEAT_8(REPEAT_8(x)))
__attribute__((noinline)) static uint32_t straight(uint32_t a, uint32_t b) {
  REPEAT_512(a += b; b ^= a; __asm__ volatile("" : "+r"(a), "+r"(b));)
  return a ^ b;
}

uint32_t mixed(uint32_t seed) {
  uint32_t x = seed, sum = 0;
  float mean = 0.0f;
  for (uint32_t i = 0; i < 60; i++) {
    x = x * 1664525u + 1013904223u;
    sum += choose((x >> 24) & 7, x >> 8, x & 255);
    sum += (uint32_t)clamp((int32_t)x >> 16, -100, 100);
    sum += collatz((x >> 20) + 1);
    mean = 0.9f * mean + (float)(int32_t)(x >> 16) / 3.0f;
    memset(buffer, (int)x, x & 127);
    memmove(buffer + 3, buffer, (x >> 7) & 127);
    sum += buffer[x & 255];
  }
  return sum + fibonacci(9) + straight(seed, 3) + (uint32_t)mean;
}
