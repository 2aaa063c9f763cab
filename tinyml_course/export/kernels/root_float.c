/* The square root in float32 without <math.h>: half the exponent as a first guess, then Newton.
 * Below 2^-126 a float has no exponent to halve: such a value is made 2^24 times as large. */
static float model_root_float(float x)
{
    if (!(x > 0.0f) || x > 3.40282347e+38f) {
        return x < 0.0f ? (x - x) / (x - x) : x; /* there is none below zero */
    }
    const float root_of_factor = x < 1.17549435e-38f ? 4096.0f : 1.0f;
    x *= root_of_factor * root_of_factor;
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits >> 1) + 0x1FBD1DF5u;
    float y;
    memcpy(&y, &bits, sizeof y);
    for (int32_t step = 0; step < 4; step++) {
        y = 0.5f * (y + x / y);
    }
    return y / root_of_factor;
}
