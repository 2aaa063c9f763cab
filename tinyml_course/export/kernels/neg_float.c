/* NEG in float32. */
static void model_neg_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = -input[i];
    }
}
