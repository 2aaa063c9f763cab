/* PAD: the input in the middle of a larger box that is filled with the value that stands for 0. Both
 * are read and written from front to back, a row of the last axis at a time. */
static void model_pad_TYPE(const int32_t input_size[4], const int32_t output_size[4],
                           const int32_t before[4], element_t value, const element_t *input,
                           element_t *output)
{
    for (int32_t i = -before[0]; i < output_size[0] - before[0]; i++) {
        for (int32_t j = -before[1]; j < output_size[1] - before[1]; j++) {
            for (int32_t k = -before[2]; k < output_size[2] - before[2]; k++) {
                element_t *const end = output + output_size[3];
                if (i >= 0 && i < input_size[0] && j >= 0 && j < input_size[1] && k >= 0 &&
                    k < input_size[2]) {
                    for (int32_t l = before[3]; l > 0; l--) {
                        *output++ = value;
                    }
                    memcpy(output, input, (size_t)input_size[3] * sizeof(element_t));
                    input += input_size[3];
                    output += input_size[3];
                }
                while (output != end) {
                    *output++ = value;
                }
            }
        }
    }
}
