/* needs: rounding_divide */
/* x * multiplier * 2^(shift - 31): how an integer of one scale becomes an integer of another.
 * It rounds twice, after the multiplication and after the shift, as TFLM does. */
static int32_t model_rescale(int32_t x, int32_t multiplier, int32_t shift)
{
    const int32_t left = shift > 0 ? shift : 0;
    const int32_t right = shift > 0 ? 0 : -shift;
    const int64_t product = (int64_t)(int32_t)((uint32_t)x << left) * multiplier;
    const int32_t high = (int32_t)((product + ((int64_t)1 << 30)) >> 31);
    return model_rounding_divide(high, right);
}
