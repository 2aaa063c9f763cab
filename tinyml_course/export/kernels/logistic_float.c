/* needs: exp_float */
/* LOGISTIC in float32: 1 / (1 + exp(-x)). */
static void model_logistic_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = 1.0f / (1.0f + model_exp_float(-input[i]));
    }
}
