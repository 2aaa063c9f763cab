/* GATHER: along one axis, the pieces that a table names, in its order. */
static void model_gather_TYPE(int32_t outer, int32_t axis, int32_t count, int32_t inner,
                              const uint16_t *indices, const element_t *input, element_t *output)
{
    for (int32_t o = 0; o < outer; o++) {
        for (int32_t i = 0; i < count; i++) {
            const element_t *piece = input + (o * axis + indices[i]) * inner;
            for (int32_t c = 0; c < inner; c++) {
                *output++ = piece[c];
            }
        }
    }
}
