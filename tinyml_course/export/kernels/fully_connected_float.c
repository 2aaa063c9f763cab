/* needs: clamp_float */
/* FULLY_CONNECTED in float32. */
static void model_fully_connected_float(int32_t rows, int32_t depth, int32_t channels,
                                        float activation_min, float activation_max,
                                        const float *weights, const float *bias,
                                        const float *input, float *output)
{
    for (int32_t row = 0; row < rows; row++) {
        for (int32_t channel = 0; channel < channels; channel++) {
            float sum = 0.0f;
            for (int32_t d = 0; d < depth; d++) {
                sum += weights[channel * depth + d] * input[row * depth + d];
            }
            sum += bias ? bias[channel] : 0.0f;
            output[row * channels + channel] =
                model_clamp_float(sum, activation_min, activation_max);
        }
    }
}
