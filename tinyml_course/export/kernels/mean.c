/* needs: rescale clamp_value */
/* MEAN over the middle of three loops; the division by `reduced` is part of the multiplier. */
static void model_mean_TYPE(int32_t outer, int32_t reduced, int32_t inner,
                            int32_t input_zero_point, int32_t output_zero_point,
                            int32_t multiplier, int32_t shift, int32_t low, int32_t high,
                            const element_t *input, element_t *output)
{
    for (int32_t o = 0; o < outer; o++) {
        for (int32_t i = 0; i < inner; i++) {
            int32_t sum = -input_zero_point * reduced;
            for (int32_t r = 0; r < reduced; r++) {
                sum += input[(o * reduced + r) * inner + i];
            }
            const int32_t y = model_rescale(sum, multiplier, shift) + output_zero_point;
            output[o * inner + i] = (element_t)model_clamp_value(y, low, high);
        }
    }
}
