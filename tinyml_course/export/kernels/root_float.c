/* The square root in float32 without <math.h>: half the exponent as a first guess, then Newton. */
static float model_root_float(float x)
{
    if (!(x > 0.0f) || x > 3.4e38f) {
        return x < 0.0f ? (x - x) / (x - x) : x; /* there is none below zero */
    }
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits >> 1) + 0x1FBD1DF5u;
    float y;
    memcpy(&y, &bits, sizeof y);
    for (int32_t step = 0; step < 4; step++) {
        y = 0.5f * (y + x / y);
    }
    return y;
}
