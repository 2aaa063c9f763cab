/* needs: rescale clamp_value quantization */
/* FULLY_CONNECTED, one scale for all weights: each output is the sum of all inputs, each times its
 * own weight, plus a bias; then from the fine scale of the sum to the scale of the output. */
static void model_fully_connected_TYPE(int32_t rows, int32_t depth, int32_t channels,
                                       const model_quantization *q, const int8_t *weights,
                                       const int32_t *bias, int32_t multiplier, int32_t shift,
                                       const element_t *input, element_t *output)
{
    for (int32_t row = 0; row < rows; row++) {
        for (int32_t channel = 0; channel < channels; channel++) {
            const int8_t *weight = weights + channel * depth;
            int32_t sum = bias ? bias[channel] : 0;
            for (int32_t d = 0; d < depth; d++) {
                sum += weight[d] * (input[row * depth + d] - q->input_zero_point);
            }
            const int32_t y = model_rescale(sum, multiplier, shift) + q->output_zero_point;
            output[row * channels + channel] =
                (element_t)model_clamp_value(y, q->activation_min, q->activation_max);
        }
    }
}
