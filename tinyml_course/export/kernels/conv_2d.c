/* needs: rescale clamp_value window quantization */
/* CONV_2D: a filter for each output channel moves over the input and covers all its channels.
 * Where it reaches over the edge there is nothing to add: padding is the real value 0. */
static void model_conv_2d_TYPE(const model_window *w, const model_quantization *q,
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
                    const int32_t in_y =
                        out_y * w->stride_height + y * w->dilation_height - w->padding_top;
                    for (int32_t x = 0; x < w->filter_width; x++) {
                        const int32_t in_x =
                            out_x * w->stride_width + x * w->dilation_width - w->padding_left;
                        if (in_y >= 0 && in_y < w->input_height && in_x >= 0 &&
                            in_x < w->input_width) {
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
