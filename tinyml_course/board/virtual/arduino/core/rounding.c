/* Functions of <math.h> that take a number's parts apart: sign, exponent, neighbours, whole numbers. */
#include <limits.h>
#include <math.h>
#include <stdint.h>

typedef union {
  double value;
  uint64_t bits;
} Parts;

double copysign(double x, double sign) {
  Parts parts = {x};
  const Parts other = {sign};
  parts.bits = (parts.bits & ~(1ull << 63)) | (other.bits & 1ull << 63);
  return parts.value;
}
float copysignf(float x, float sign) { return (float)copysign((double)x, (double)sign); }

/* To the nearest whole number, halves to the even one: 2^52 leaves no room for a fraction. */
double rint(double x) {
  if (!(fabs(x) < 4503599627370496.0)) return x;
  const double large = copysign(4503599627370496.0, x);
  return copysign(x + large - large, x);
}
float rintf(float x) { return (float)rint((double)x); }
double nearbyint(double x) { return rint(x); }
float nearbyintf(float x) { return (float)rint((double)x); }
long lrint(double x) { return (long)rint(x); }
long lrintf(float x) { return (long)rint((double)x); }
long long llrint(double x) { return (long long)rint(x); }
long long llrintf(float x) { return (long long)rint((double)x); }
long long llround(double x) { return (long long)round(x); }
long long llroundf(float x) { return (long long)round((double)x); }

/* x * 2^n */
double scalbn(double x, int n) {
  if (n > 2200) n = 2200;
  if (n < -2200) n = -2200;
  for (; n > 1023; n -= 1023) x *= 0x1p1023;
  for (; n < -1022; n += 1022) x *= 0x1p-1022;
  const Parts power = {.bits = (uint64_t)(n + 1023) << 52};
  return x * power.value;
}
float scalbnf(float x, int n) { return (float)scalbn((double)x, n); }
double ldexp(double x, int n) { return scalbn(x, n); }
float ldexpf(float x, int n) { return (float)scalbn((double)x, n); }

int ilogb(double x) {
  int exponent;
  if (x == 0.0) return FP_ILOGB0;
  if (isnan(x)) return FP_ILOGBNAN;
  if (isinf(x)) return INT_MAX;
  frexp(x, &exponent);
  return exponent - 1;
}
int ilogbf(float x) { return ilogb((double)x); }
double logb(double x) { return x == 0.0 ? -INFINITY : isinf(x) || isnan(x) ? x * x : ilogb(x); }
float logbf(float x) { return (float)logb((double)x); }

double fdim(double x, double y) { return isnan(x) || isnan(y) ? NAN : x > y ? x - y : 0.0; }
float fdimf(float x, float y) { return (float)fdim((double)x, (double)y); }

double nextafter(double x, double to) {
  Parts parts = {x};
  if (isnan(x) || isnan(to)) return NAN;
  if (x == to) return to;
  if (x == 0.0) return copysign(0x1p-1074, to);
  parts.bits += (x < to) == (x > 0.0) ? 1 : (uint64_t)-1;
  return parts.value;
}
float nextafterf(float x, float to) {
  union {
    float value;
    uint32_t bits;
  } parts = {x};
  if (isnan(x) || isnan(to)) return NAN;
  if (x == to) return to;
  if (x == 0.0f) return copysignf(0x1p-149f, to);
  parts.bits += (x < to) == (x > 0.0f) ? 1 : (uint32_t)-1;
  return parts.value;
}

/* What is left of x after the nearest multiple of y; the last three bits of which one. */
double remquo(double x, double y, int *quotient) {
  const double size = fabs(y);
  double left = fabs(x);
  int count = 0;
  *quotient = 0;
  if (isnan(x) || isnan(y) || isinf(x) || y == 0.0) return NAN;
  if (size < 0x1p1020) left = fmod(left, 8.0 * size);
  for (int times = 4; times > 1; times /= 2) {
    if (size >= 0x1p1020 || left < times * size) continue;
    left -= times * size;
    count += times;
  }
  while (left > size - left || (left == size - left && count % 2)) {
    left -= size;
    count++;
  }
  *quotient = signbit(x) == signbit(y) ? count & 7 : -(count & 7);
  return signbit(x) ? -left : left;
}
float remquof(float x, float y, int *quotient) {
  return (float)remquo((double)x, (double)y, quotient);
}
double remainder(double x, double y) {
  int quotient;
  return remquo(x, y, &quotient);
}
float remainderf(float x, float y) { return (float)remainder((double)x, (double)y); }

double nan(const char *text) { return (void)text, NAN; }
float nanf(const char *text) { return (void)text, NAN; }
