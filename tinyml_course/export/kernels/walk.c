/* TRANSPOSE and STRIDED_SLICE: four loops over the output, each with its step in the input. */
static void model_walk_TYPE(const int32_t count[4], const int32_t step[4], int32_t start,
                            const element_t *input, element_t *output)
{
    for (int32_t i = 0; i < count[0]; i++) {
        for (int32_t j = 0; j < count[1]; j++) {
            for (int32_t k = 0; k < count[2]; k++) {
                for (int32_t l = 0; l < count[3]; l++) {
                    const int32_t place = i * step[0] + j * step[1] + k * step[2] + l * step[3];
                    *output++ = input[start + place];
                }
            }
        }
    }
}
