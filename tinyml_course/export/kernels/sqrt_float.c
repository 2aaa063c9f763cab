/* needs: root_float */
/* SQRT in float32. */
static void model_sqrt_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = model_root_float(input[i]);
    }
}
