/* needs: exp_float */
/* ELU in float32. */
static void model_elu_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = input[i] < 0.0f ? model_exp_float(input[i]) - 1.0f : input[i];
    }
}
