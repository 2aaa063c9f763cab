/* needs: dsp window */
/* AVERAGE_POOL_2D on int8 for cores with DSP instructions: four channels at a time, two sums in a
 * word. At most 256 values are averaged, so a sum fits int16. Halves round away from zero. */
MODEL_HOT
static void model_average_pool_2d_dsp(const model_window *w, const int8_t *input, int8_t *output)
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
            const int32_t count = (y_1 - y_0) * (x_1 - x_0);
            for (int32_t c = 0; c < channels; c += 4) {
                const int8_t *row = corner + c;
                uint32_t sums[2] = {0, 0}; /* of channels 0 and 2, of 1 and 3 */
                for (int32_t y = y_0; y < y_1; y++, row += line) {
                    const int8_t *value = row;
                    for (int32_t x = x_0; x < x_1; x++, value += channels) {
                        const uint32_t word = model_load_word(value);
                        sums[0] = model_sxtab16(sums[0], word);
                        sums[1] = model_sxtab16_ror8(sums[1], word);
                    }
                }
                for (int32_t i = 0; i < 4; i++) {
                    const uint32_t half = sums[i & 1] >> (8 * (i & 2)) & 0xffffu;
                    const int32_t sum = (int32_t)(half ^ 0x8000u) - 0x8000;
                    *output++ = (int8_t)((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
                }
            }
        }
    }
}
