/* needs: dsp_max8 window */
/* MAX_POOL_2D on int8 for cores with DSP instructions: four channels in one word. */
MODEL_HOT
static void model_max_pool_2d_dsp(const model_window *w, const int8_t *input, int8_t *output)
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
            for (int32_t c = 0; c < channels; c += 4) {
                const int8_t *row = corner + c;
                uint32_t greatest = model_load_word(row);
                for (int32_t y = y_0; y < y_1; y++, row += line) {
                    const int8_t *value = row;
                    for (int32_t x = x_0; x < x_1; x++, value += channels) {
                        greatest = model_max8(greatest, model_load_word(value));
                    }
                }
                MODEL_COPY_WORD(output, &greatest);
                output += 4;
            }
        }
    }
}
