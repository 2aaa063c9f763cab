/* needs: rescale clamp_value quantization */
/* FULLY_CONNECTED, one scale for the weights of each output channel. */
static void model_fully_connected_per_channel_TYPE(
    int32_t rows, int32_t depth, int32_t channels, const model_quantization *q,
    const int8_t *weights, const int32_t *bias, const int32_t *multiplier, const int8_t *shift,
    const element_t *input, element_t *output)
{
    for (int32_t row = 0; row < rows; row++) {
        for (int32_t channel = 0; channel < channels; channel++) {
            const int8_t *weight = weights + channel * depth;
            int32_t sum = bias ? bias[channel] : 0;
            for (int32_t d = 0; d < depth; d++) {
                sum += weight[d] * (input[row * depth + d] - q->input_zero_point);
            }
            const int32_t y =
                model_rescale(sum, multiplier[channel], shift[channel]) + q->output_zero_point;
            output[row * channels + channel] =
                (element_t)model_clamp_value(y, q->activation_min, q->activation_max);
        }
    }
}
