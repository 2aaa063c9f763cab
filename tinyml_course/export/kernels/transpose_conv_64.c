/* needs: rescale_64 clamp_value window quantization */
/* TRANSPOSE_CONV on int16 values: as on int8, with sums of 64 bits and zero points of 0. */
static void model_transpose_conv_64(const model_window *w, const model_quantization *q,
                                    const int8_t *filter, const int64_t *bias,
                                    const int16_t *multiplier, const int8_t *shift,
                                    const int16_t *input, int16_t *output)
{
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            const int8_t *weight = filter;
            for (int32_t channel = 0; channel < w->output_channels; channel++) {
                int64_t sum = bias ? bias[channel] : 0;
                for (int32_t y = 0; y < w->filter_height; y++) {
                    const int32_t down = out_y + w->padding_top - y;
                    for (int32_t x = 0; x < w->filter_width; x++) {
                        const int32_t along = out_x + w->padding_left - x;
                        const int32_t in_y = down / w->stride_height;
                        const int32_t in_x = along / w->stride_width;
                        if (down >= 0 && in_y * w->stride_height == down && in_y < w->input_height &&
                            along >= 0 && in_x * w->stride_width == along && in_x < w->input_width) {
                            const int16_t *pixel =
                                input + (in_y * w->input_width + in_x) * w->input_channels;
                            for (int32_t c = 0; c < w->input_channels; c++) {
                                sum += weight[c] * pixel[c];
                            }
                        }
                        weight += w->input_channels;
                    }
                }
                const int32_t value = model_rescale_64(sum, multiplier[channel], shift[channel]);
                *output++ =
                    (int16_t)model_clamp_value(value, q->activation_min, q->activation_max);
            }
        }
    }
}
