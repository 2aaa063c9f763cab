/* RESIZE_BILINEAR in float32: each output lies between two rows and two columns of the input. The
 * tables have two numbers for each, the one before and the one behind, and the distances. */
static void model_resize_bilinear_float(int32_t out_height, int32_t out_width, int32_t width,
                                        int32_t channels, const int16_t *rows,
                                        const int16_t *columns, const float *down,
                                        const float *aside, const float *input, float *output)
{
    for (int32_t y = 0; y < out_height; y++) {
        const float *upper = input + rows[2 * y] * width * channels;
        const float *lower = input + rows[2 * y + 1] * width * channels;
        for (int32_t x = 0; x < out_width; x++) {
            const int32_t left = columns[2 * x] * channels, right = columns[2 * x + 1] * channels;
            for (int32_t c = 0; c < channels; c++) {
                const float first = upper[left + c] * (1.0f - down[y]) + lower[left + c] * down[y];
                const float last = upper[right + c] * (1.0f - down[y]) + lower[right + c] * down[y];
                *output++ = first * (1.0f - aside[x]) + last * aside[x];
            }
        }
    }
}
