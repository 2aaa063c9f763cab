/* RESIZE_NEAREST_NEIGHBOR: each pixel is a copy of the input's pixel that two tables name, one for
 * the rows and one for the columns. They were computed at export. */
static void model_resize_nearest_neighbor_TYPE(int32_t height, int32_t width, int32_t input_width,
                                               int32_t channels, const uint16_t *rows,
                                               const uint16_t *columns, const element_t *input,
                                               element_t *output)
{
    for (int32_t y = 0; y < height; y++) {
        for (int32_t x = 0; x < width; x++) {
            const element_t *pixel = input + (rows[y] * input_width + columns[x]) * channels;
            for (int32_t c = 0; c < channels; c++) {
                *output++ = pixel[c];
            }
        }
    }
}
