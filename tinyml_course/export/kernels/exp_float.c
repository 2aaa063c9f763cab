/* exp(x) in float32 without <math.h>: x = n * ln 2 + r, exp(x) = 2^n * exp(r), and a Taylor
 * polynomial for exp(r), with r within 0.35 of zero. Below -87 the result is 0. */
static float model_exp_float(float x)
{
    if (x < -87.0f) {
        return 0.0f;
    }
    x = x < 88.0f ? x : 88.0f;
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
    const uint32_t bits = (uint32_t)(n + 127) << 23; /* 2^n, as IEEE 754 writes it */
    float power;
    memcpy(&power, &bits, sizeof power);
    return y * power;
}
