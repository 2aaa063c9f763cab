/* needs: clamp_value */
/* QUANTIZE: x / scale, rounded (halves away from zero), plus the zero point. */
static void model_quantize_TYPE(int32_t count, float scale, int32_t zero_point, int32_t low,
                                int32_t high, const float *input, element_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        const float ratio = input[i] / scale;
        const float bounded = ratio > -65536.0f ? (ratio < 65536.0f ? ratio : 65536.0f) : -65536.0f;
        int32_t rounded = (int32_t)bounded;
        const float rest = bounded - (float)rounded;
        rounded += rest >= 0.5f ? 1 : rest <= -0.5f ? -1 : 0;
        output[i] = (element_t)model_clamp_value(rounded + zero_point, low, high);
    }
}
