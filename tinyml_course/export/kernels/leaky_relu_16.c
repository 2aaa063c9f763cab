/* needs: rescale clamp_value */
/* LEAKY_RELU on int16: one factor above zero, another below. `sign` is -1 for a negative slope. */
static void model_leaky_relu_16(int32_t count, int32_t multiplier, int32_t shift,
                                int32_t slope_multiplier, int32_t slope_shift, int32_t sign,
                                const int16_t *input, int16_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        const int32_t y = input[i] >= 0
                              ? model_rescale(input[i], multiplier, shift)
                              : sign * model_rescale(input[i], slope_multiplier, slope_shift);
        output[i] = (int16_t)model_clamp_value(y, INT16_MIN, INT16_MAX);
    }
}
