/* needs: depthwise_taps small_requantize quantization */
/* DEPTHWISE_CONV_2D of any size on int8, in plain C: any number of outputs a channel, one by one.
 * What lies within the image is found once for a pixel, so no tap asks for it. */
MODEL_HOT
static void model_depthwise_conv_2d_small(const model_window *w, const model_quantization *q,
                                          const int8_t *filter, const int32_t *channel,
                                          int32_t per_channel, const int8_t *input,
                                          int8_t *output)
{
    const int32_t zero_point = q->input_zero_point;
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            model_taps t;
            model_find_taps(w, out_y * w->stride_height - w->padding_top,
                            out_x * w->stride_width - w->padding_left, &t);
            const int8_t *x_first = input + t.input_at, *w_first = filter + t.filter_at;
            const int32_t *scale = channel;
            int32_t outputs = per_channel; /* of this input channel, still to come */
            for (int32_t c = w->output_channels; c > 0; c--) {
                const int8_t *x_row = x_first, *w_row = w_first;
                int32_t sum = scale[0];
                for (int32_t rows = t.rows; rows > 0; rows--) {
                    const int8_t *x_at = x_row, *w_at = w_row;
                    for (int32_t left = t.columns; left > 0; left--) {
                        sum += (*x_at - zero_point) * *w_at;
                        x_at += t.input_column;
                        w_at += t.filter_column;
                    }
                    x_row += t.input_row;
                    w_row += t.filter_row;
                }
                const int32_t rounding =
                    model_small_rounding(2 * q->output_zero_point + 1, scale[2]);
                *output++ = model_small_requantize(sum, scale[1], rounding, scale[2]);
                scale += 3;
                w_first++;
                if (--outputs == 0) {
                    outputs = per_channel;
                    x_first++;
                }
            }
        }
    }
}
