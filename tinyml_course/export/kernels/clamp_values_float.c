/* needs: clamp_float */
/* RELU6 in float32. */
static void model_clamp_values_float(int32_t count, float low, float high, const float *input,
                                     float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = model_clamp_float(input[i], low, high);
    }
}
