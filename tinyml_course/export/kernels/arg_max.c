/* ARG_MAX: where along the middle of three loops the greatest value lies; of equals, the first. */
static void model_arg_max_TYPE(int32_t outer, int32_t count, int32_t inner,
                               const element_t *input, int32_t *output)
{
    for (int32_t o = 0; o < outer; o++) {
        for (int32_t i = 0; i < inner; i++) {
            const element_t *values = input + o * count * inner + i;
            int32_t best = 0;
            for (int32_t r = 1; r < count; r++) {
                if (values[r * inner] > values[best * inner]) {
                    best = r;
                }
            }
            output[o * inner + i] = best;
        }
    }
}
