/* needs: exp_float */
/* EXP in float32. */
static void model_exp_values_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = model_exp_float(input[i]);
    }
}
