/* needs: hot window */
/* MAX_POOL_2D on int8 for cores without DSP instructions: what lies inside of the image is found
 * out once a window. */
MODEL_HOT
static void model_max_pool_2d_small(const model_window *w, const int8_t *input, int8_t *output)
{
    const int32_t channels = w->input_channels, line = w->input_width * channels;
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        int32_t y_0 = out_y * w->stride_height - w->padding_top, y_1 = y_0 + w->filter_height;
        y_0 = y_0 < 0 ? 0 : y_0;
        y_1 = y_1 > w->input_height ? w->input_height : y_1;
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            int32_t x_0 = out_x * w->stride_width - w->padding_left, x_1 = x_0 + w->filter_width;
            x_0 = x_0 < 0 ? 0 : x_0;
            x_1 = x_1 > w->input_width ? w->input_width : x_1;
            const int8_t *corner = input + y_0 * line + x_0 * channels;
            const int32_t row = (x_1 - x_0) * channels;
            for (int32_t c = 0; c < channels; c++, corner++) {
                int32_t greatest = -128;
                for (const int8_t *from = corner, *end = corner + (y_1 - y_0) * line; from != end;
                     from += line) {
                    for (const int8_t *x = from, *last = from + row; x != last; x += channels) {
                        greatest = *x > greatest ? *x : greatest;
                    }
                }
                *output++ = (int8_t)greatest;
            }
        }
    }
}
