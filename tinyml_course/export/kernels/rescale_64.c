/* The same for a 64-bit accumulator: a multiplier of 16 bits, one rounding, halves upwards. */
static int32_t model_rescale_64(int64_t x, int32_t multiplier, int32_t shift)
{
    const int32_t right = 15 - shift;
    return (int32_t)((x * multiplier + ((int64_t)1 << (right - 1))) >> right);
}
