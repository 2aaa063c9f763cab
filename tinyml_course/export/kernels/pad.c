/* PAD: the input in the middle of a larger box that is filled with the value that stands for 0. */
static void model_pad_TYPE(const int32_t input_size[4], const int32_t output_size[4],
                           const int32_t before[4], element_t value, const element_t *input,
                           element_t *output)
{
    for (int32_t i = 0; i < output_size[0]; i++) {
        for (int32_t j = 0; j < output_size[1]; j++) {
            for (int32_t k = 0; k < output_size[2]; k++) {
                for (int32_t l = 0; l < output_size[3]; l++) {
                    const int32_t at[4] = {i - before[0], j - before[1], k - before[2],
                                           l - before[3]};
                    int32_t place = 0;
                    int32_t inside = 1;
                    for (int32_t axis = 0; axis < 4; axis++) {
                        inside &= at[axis] >= 0 && at[axis] < input_size[axis];
                        place = place * input_size[axis] + at[axis];
                    }
                    *output++ = inside ? input[place] : value;
                }
            }
        }
    }
}
