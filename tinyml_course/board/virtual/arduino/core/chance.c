/* Random numbers as newlib draws them, which all the real cores are linked with: 64 bits of state, the
 * published multiplier 6364136223846793005, and the upper half handed out. rand() and random() share
 * the state. It is 1 at power-on: a sketch without a seed draws the same numbers each time, there too. */
#include <stdlib.h>

static unsigned long long chance_state = 1;

void srand(unsigned int seed) { chance_state = seed; }
int rand(void) {
  chance_state = chance_state * 6364136223846793005ull + 1u;
  return (int)(chance_state >> 32 & RAND_MAX);
}
void srandom(unsigned int seed) { srand(seed); }
long random(void) { return rand(); }

/* Park and Miller's minimal standard, seed * 16807 modulo 2^31 - 1 in 32 bits (Schrage's way). */
int rand_r(unsigned int *seed) {
  long next = (long)(*seed ? *seed : 0x12345987u);
  next = 16807 * (next % 127773) - 2836 * (next / 127773);
  if (next < 0) next += 2147483647;
  *seed = (unsigned int)next;
  return (int)(next & RAND_MAX);
}
