/* SUM over the middle of three loops, in float32. */
static void model_sum_float(int32_t outer, int32_t reduced, int32_t inner, const float *input,
                            float *output)
{
    for (int32_t o = 0; o < outer; o++) {
        for (int32_t i = 0; i < inner; i++) {
            float sum = 0.0f;
            for (int32_t r = 0; r < reduced; r++) {
                sum += input[(o * reduced + r) * inner + i];
            }
            output[o * inner + i] = sum;
        }
    }
}
