/* needs: rescale clamp_value */
/* QUANTIZE from one integer scale to another, and RELU with a change of scale. */
static void model_requantize_TYPE(int32_t count, int32_t input_zero_point,
                                  int32_t output_zero_point, int32_t multiplier, int32_t shift,
                                  int32_t low, int32_t high, const input_t *input,
                                  element_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        const int32_t y = model_rescale(input[i] - input_zero_point, multiplier, shift);
        output[i] = (element_t)model_clamp_value(y + output_zero_point, low, high);
    }
}
