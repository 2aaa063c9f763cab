/* RESIZE_BILINEAR: each output lies between two rows and two columns of the input. The tables have
 * three numbers for each: the one before, the one behind, the distance from it in 1024ths. */
static void model_resize_bilinear_int8(int32_t out_height, int32_t out_width, int32_t width,
                                       int32_t channels, const int16_t *rows,
                                       const int16_t *columns, const int8_t *input, int8_t *output)
{
    for (int32_t y = 0; y < out_height; y++) {
        const int8_t *upper = input + rows[3 * y] * width * channels;
        const int8_t *lower = input + rows[3 * y + 1] * width * channels;
        const int32_t down = rows[3 * y + 2];
        for (int32_t x = 0; x < out_width; x++) {
            const int32_t left = columns[3 * x] * channels, right = columns[3 * x + 1] * channels;
            const int32_t aside = columns[3 * x + 2];
            for (int32_t c = 0; c < channels; c++) {
                const int32_t sum = (upper[left + c] * (1024 - down) + lower[left + c] * down) *
                                        (1024 - aside) +
                                    (upper[right + c] * (1024 - down) + lower[right + c] * down) *
                                        aside;
                *output++ = (int8_t)((sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
            }
        }
    }
}
