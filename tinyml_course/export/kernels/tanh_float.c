/* needs: exp_float */
/* TANH in float32: (1 - exp(-2x)) / (1 + exp(-2x)), on the magnitude. */
static void model_tanh_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        const float magnitude = input[i] < 0.0f ? -input[i] : input[i];
        const float e = model_exp_float(-2.0f * magnitude);
        const float y = (1.0f - e) / (1.0f + e);
        output[i] = input[i] < 0.0f ? -y : y;
    }
}
