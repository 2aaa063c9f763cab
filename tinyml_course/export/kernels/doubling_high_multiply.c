/* The upper half of 2 * a * b, rounded: the product of two fractions in Q31. */
static int32_t model_doubling_high_multiply(int32_t a, int32_t b)
{
    const int64_t product = (int64_t)a * b;
    const int64_t high = (product + ((int64_t)1 << 30)) >> 31;
    return high > INT32_MAX ? INT32_MAX : (int32_t)high;
}
