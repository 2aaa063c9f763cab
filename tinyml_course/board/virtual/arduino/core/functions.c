/* Functions of <math.h> that the compiler's library lacks, computed in double and rounded once, so
 * that float results are exact but for the rarest rounding. */
#include <math.h>

double tanh(double x) {
  const double size = fabs(x);
  if (size > 22.0) return x > 0.0 ? 1.0 : -1.0;
  if (size < 1e-4) return x - x * x * x / 3.0; /* exp(2x) - 1 would lose digits */
  const double e = exp(2.0 * x);
  return (e - 1.0) / (e + 1.0);
}
float tanhf(float x) { return (float)tanh((double)x); }

double pow(double x, double y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (x == 0.0) return y > 0.0 ? 0.0 : INFINITY;
  if (x > 0.0) return exp(y * log(x));
  if (floor(y) != y) return NAN;
  const double size = exp(y * log(-x));
  return fmod(y, 2.0) != 0.0 ? -size : size;
}
float powf(float x, float y) { return (float)pow((double)x, (double)y); }

/* Two halvings of the angle bring |x| below 0.2; the series then needs ten terms. */
double atan(double x) {
  if (fabs(x) > 1e16) return x > 0.0 ? 1.5707963267948966 : -1.5707963267948966;
  for (int i = 0; i < 2; i++) x = x / (1.0 + sqrt(1.0 + x * x));
  double sum = 0.0;
  for (int n = 21; n > 0; n -= 2) sum = 1.0 / n - x * x * sum;
  return 4.0 * x * sum;
}
float atanf(float x) { return (float)atan((double)x); }

double atan2(double y, double x) {
  const double pi = 3.14159265358979323846;
  if (x > 0.0) return atan(y / x);
  if (x < 0.0) return atan(y / x) + (signbit(y) ? -pi : pi);
  return y == 0.0 ? y : (y > 0.0 ? pi / 2.0 : -pi / 2.0);
}
float atan2f(float y, float x) { return (float)atan2((double)y, (double)x); }

double asin(double x) { return atan2(x, sqrt((1.0 - x) * (1.0 + x))); }
double acos(double x) { return atan2(sqrt((1.0 - x) * (1.0 + x)), x); }
float asinf(float x) { return (float)asin((double)x); }
float acosf(float x) { return (float)acos((double)x); }

double hypot(double x, double y) { return sqrt(x * x + y * y); }
float hypotf(float x, float y) { return (float)hypot((double)x, (double)y); }

/* x = result * 2^exponent, with the result in [0.5, 1). */
double frexp(double x, int *exponent) {
  union {
    double value;
    unsigned long long bits;
  } parts = {x};
  *exponent = 0;
  if (x == 0.0 || isnan(x) || isinf(x)) return x;
  if (!(parts.bits >> 52 & 0x7FF)) { /* below the smallest normal number */
    parts.value *= 18014398509481984.0;
    *exponent = -54;
  }
  *exponent += (int)(parts.bits >> 52 & 0x7FF) - 1022;
  parts.bits = (parts.bits & 0x800FFFFFFFFFFFFFull) | 0x3FE0000000000000ull;
  return parts.value;
}

double modf(double x, double *whole) {
  *whole = trunc(x);
  return isinf(x) ? 0.0 : x - *whole;
}
