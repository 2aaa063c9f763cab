/* LEAKY_RELU in float32. */
static void model_leaky_relu_float(int32_t count, float slope, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = input[i] > 0.0f ? input[i] : input[i] * slope;
    }
}
