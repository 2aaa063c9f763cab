/* needs: root_float */
/* RSQRT in float32. */
static void model_rsqrt_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = 1.0f / model_root_float(input[i]);
    }
}
