/* needs: rescale clamp_value window quantization */
/* TRANSPOSE_CONV: each input pixel puts its filter, times its value, into the output; pixels are a
 * stride apart. Seen from an output: of each filter only those weights count that some pixel put
 * exactly there. */
static void model_transpose_conv_TYPE(const model_window *w, const model_quantization *q,
                                      const int8_t *filter, const int32_t *bias,
                                      const int32_t *multiplier, const int8_t *shift,
                                      const element_t *input, element_t *output)
{
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            const int8_t *weight = filter;
            for (int32_t channel = 0; channel < w->output_channels; channel++) {
                int32_t sum = bias ? bias[channel] : 0;
                for (int32_t y = 0; y < w->filter_height; y++) {
                    const int32_t down = out_y + w->padding_top - y;
                    for (int32_t x = 0; x < w->filter_width; x++) {
                        const int32_t along = out_x + w->padding_left - x;
                        const int32_t in_y = down / w->stride_height;
                        const int32_t in_x = along / w->stride_width;
                        if (down >= 0 && in_y * w->stride_height == down && in_y < w->input_height &&
                            along >= 0 && in_x * w->stride_width == along && in_x < w->input_width) {
                            const element_t *pixel =
                                input + (in_y * w->input_width + in_x) * w->input_channels;
                            for (int32_t c = 0; c < w->input_channels; c++) {
                                sum += weight[c] * (pixel[c] - q->input_zero_point);
                            }
                        }
                        weight += w->input_channels;
                    }
                }
                const int32_t value =
                    model_rescale(sum, multiplier[channel], shift[channel]) + q->output_zero_point;
                *output++ =
                    (element_t)model_clamp_value(value, q->activation_min, q->activation_max);
            }
        }
    }
}
