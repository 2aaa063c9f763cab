/* x / 2^exponent, halves away from zero. */
static int32_t model_rounding_divide(int32_t x, int32_t exponent)
{
    const int32_t mask = (int32_t)((1U << exponent) - 1U);
    const int32_t half = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + ((x & mask) > half ? 1 : 0);
}
