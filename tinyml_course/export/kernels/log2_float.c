/* log2 of a positive float within 1e-6, from its bits and four terms of a series; no libm. */
static float model_log2(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t exponent = (int32_t)(bits >> 23) - 126;
    bits = (bits & 0x7FFFFFu) | 0x3F000000u; /* 0.5 to 1 */
    float mantissa;
    memcpy(&mantissa, &bits, sizeof mantissa);
    if (mantissa < 0.70710677f) {
        mantissa += mantissa;
        exponent--;
    }
    const float t = (mantissa - 1.0f) / (mantissa + 1.0f);
    const float s = t * t;
    float series = 0.41219858f * s + 0.57707801f;
    series = series * s + 0.96179669f;
    series = series * s + 2.8853901f;
    return (float)exponent + series * t;
}
