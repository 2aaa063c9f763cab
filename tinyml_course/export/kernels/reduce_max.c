/* REDUCE_MAX: the greatest value over the middle of three loops; `least` is the type's least. */
static void model_reduce_max_TYPE(int32_t outer, int32_t reduced, int32_t inner, element_t least,
                                  const element_t *input, element_t *output)
{
    for (int32_t o = 0; o < outer; o++) {
        for (int32_t i = 0; i < inner; i++) {
            element_t greatest = least;
            for (int32_t r = 0; r < reduced; r++) {
                const element_t x = input[(o * reduced + r) * inner + i];
                greatest = x > greatest ? x : greatest;
            }
            output[o * inner + i] = greatest;
        }
    }
}
