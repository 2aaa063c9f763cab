/* exp(x) in float32 without <math.h>: x = n * ln 2 + r, exp(x) = 2^n * exp(r), and a Taylor
 * polynomial for exp(r), with r within 0.35 of zero. Below -87 the result is 0; from ln 2^128 on it
 * is infinite, and what is not a number stays so. */
static float model_exp_float(float x)
{
    if (x < -87.0f) {
        return 0.0f;
    }
    if (!(x <= 88.72283f)) {
        return x * 3.0e38f;
    }
    const float scaled = x * 1.44269504f;
    const int32_t n = (int32_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
    /* ln 2 in two parts, so that the first product is exact */
    const float r = (x - (float)n * 0.693359375f) + (float)n * 2.12194440e-4f;
    float y = 1.0f / 5040.0f;
    y = y * r + 1.0f / 720.0f;
    y = y * r + 1.0f / 120.0f;
    y = y * r + 1.0f / 24.0f;
    y = y * r + 1.0f / 6.0f;
    y = y * r + 0.5f;
    y = y * r + 1.0f;
    y = y * r + 1.0f;
    uint32_t bits;
    memcpy(&bits, &y, sizeof bits);
    bits += (uint32_t)n << 23; /* times 2^n, as IEEE 754 writes it; 2^128 alone would be too much */
    memcpy(&y, &bits, sizeof y);
    return y;
}
