/* needs: clamp_float */
/* HARD_SWISH in float32: x * relu6(x + 3) / 6. */
static void model_hard_swish_float(int32_t count, const float *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = input[i] * model_clamp_float(input[i] + 3.0f, 0.0f, 6.0f) / 6.0f;
    }
}
