/* RELU in float32: infinity passes, and what is not a number stays so. */
static void model_relu_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = input[i] < 0.0f ? 0.0f : input[i];
    }
}
