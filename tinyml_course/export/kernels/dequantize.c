/* DEQUANTIZE: (x - zero_point) * scale. */
static void model_dequantize_TYPE(int32_t count, float scale, int32_t zero_point,
                                  const element_t *input, float *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = scale * (float)(input[i] - zero_point);
    }
}
