/* Hyperbolic functions, exp and log near their zeros, the error and the gamma function, in double and
 * rounded once. exp(x) - 1 and log(1 + x): W. Kahan's way, which loses no digits near 0. */
#include <math.h>

#define FLOAT_OF(name) \
  float name##f(float x) { return (float)name((double)x); }

double expm1(double x) {
  const double e = exp(x);
  if (e == 1.0) return x;
  if (e - 1.0 == -1.0) return -1.0;
  return isinf(e) ? e : (e - 1.0) * x / log(e);
}
FLOAT_OF(expm1)

double log1p(double x) {
  const double sum = 1.0 + x;
  if (sum == 1.0) return x;
  return isinf(sum) ? sum : log(sum) * x / (sum - 1.0);
}
FLOAT_OF(log1p)

double sinh(double x) {
  const double size = fabs(x), e = expm1(size);
  const double half = exp(size / 2.0);
  const double value = size > 30.0 ? half / 2.0 * half : (e + e / (e + 1.0)) / 2.0;
  return copysign(value, x);
}
FLOAT_OF(sinh)

double cosh(double x) {
  const double half = exp(fabs(x) / 2.0);
  return (half * half + 1.0 / half / half) / 2.0;
}
FLOAT_OF(cosh)

double asinh(double x) {
  const double size = fabs(x);
  const double value =
      size > 1e9 ? log(size) + M_LN2 : log1p(size + size * size / (1.0 + sqrt(size * size + 1.0)));
  return copysign(value, x);
}
FLOAT_OF(asinh)

double acosh(double x) {
  if (x < 1.0) return NAN;
  return x > 1e9 ? log(x) + M_LN2 : log1p(x - 1.0 + sqrt((x - 1.0) * (x + 1.0)));
}
FLOAT_OF(acosh)

double atanh(double x) {
  const double size = fabs(x);
  return copysign(log1p(2.0 * size / (1.0 - size)) / 2.0, x);
}
FLOAT_OF(atanh)

double cbrt(double x) {
  if (x == 0.0 || isnan(x) || isinf(x)) return x;
  double root = exp(log(fabs(x)) / 3.0);
  for (int i = 0; i < 2; i++) root -= (root - fabs(x) / (root * root)) / 3.0;
  return copysign(root, x);
}
FLOAT_OF(cbrt)

/* A series of positive terms below 2.5, a continued fraction above. */
static double erfc_of_large(double x) {
  double fraction = 0.0;
  for (int n = 60; n > 0; n--) fraction = n / 2.0 / (x + fraction);
  return exp(-x * x) / (x + fraction) / sqrt(M_PI);
}

double erf(double x) {
  const double size = fabs(x);
  if (!(size < 2.5)) return isnan(x) ? x : copysign(1.0 - erfc_of_large(size), x);
  double term = x, sum = x;
  for (int n = 1; n < 60; n++) sum += term *= 2.0 * x * x / (2 * n + 1);
  return 2.0 / sqrt(M_PI) * exp(-x * x) * sum;
}
FLOAT_OF(erf)

double erfc(double x) { return x > 2.5 ? erfc_of_large(x) : 1.0 - erf(x); }
FLOAT_OF(erfc)

/* Stirling's series from 12 on; smaller numbers are brought there by x * gamma(x) = gamma(x + 1). */
static double log_gamma_of_large(double x) {
  const double r = 1.0 / (x * x);
  const double series =
      (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / x;
  return (x - 0.5) * log(x) - x + log(2.0 * M_PI) / 2.0 + series;
}

double tgamma(double x) {
  if (x == floor(x) && x <= 0.0) return NAN;
  if (x < 0.5) return M_PI / (sin(M_PI * x) * tgamma(1.0 - x));
  double product = 1.0;
  if (x == floor(x) && x < 172.0) { /* a factorial */
    for (double n = 2.0; n < x; n += 1.0) product *= n;
    return product;
  }
  for (; x < 12.0; x += 1.0) product *= x;
  return exp(log_gamma_of_large(x)) / product;
}
FLOAT_OF(tgamma)

double lgamma(double x) {
  if (x == floor(x) && x <= 0.0) return INFINITY;
  if (x < 0.5) return log(M_PI / fabs(sin(M_PI * x))) - lgamma(1.0 - x);
  double product = 1.0;
  for (; x < 12.0; x += 1.0) product *= x;
  return log_gamma_of_large(x) - log(product);
}
FLOAT_OF(lgamma)
