/* needs: rescale_64 clamp_value quantization */
/* FULLY_CONNECTED on int16 values: the sum takes 64 bits. `per_channel` is 1 if every output
 * channel has its own multiplier and shift, 0 if all share the first. */
static void model_fully_connected_64(int32_t rows, int32_t depth, int32_t channels,
                                     const model_quantization *q, const int8_t *weights,
                                     const int64_t *bias, const int16_t *multiplier,
                                     const int8_t *shift, int32_t per_channel,
                                     const int16_t *input, int16_t *output)
{
    for (int32_t row = 0; row < rows; row++) {
        for (int32_t channel = 0; channel < channels; channel++) {
            const int8_t *weight = weights + channel * depth;
            const int32_t scale = per_channel * channel;
            int64_t sum = bias ? bias[channel] : 0;
            for (int32_t d = 0; d < depth; d++) {
                sum += weight[d] * input[row * depth + d];
            }
            const int32_t y = model_rescale_64(sum, multiplier[scale], shift[scale]);
            output[row * channels + channel] =
                (int16_t)model_clamp_value(y, q->activation_min, q->activation_max);
        }
    }
}
