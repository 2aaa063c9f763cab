/* needs: clamp_float window */
/* TRANSPOSE_CONV in float32. */
static void model_transpose_conv_float(const model_window *w, float activation_min,
                                       float activation_max, const float *filter,
                                       const float *bias, const float *input, float *output)
{
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            const float *weight = filter;
            for (int32_t channel = 0; channel < w->output_channels; channel++) {
                float sum = 0.0f;
                for (int32_t y = 0; y < w->filter_height; y++) {
                    const int32_t down = out_y + w->padding_top - y;
                    for (int32_t x = 0; x < w->filter_width; x++) {
                        const int32_t along = out_x + w->padding_left - x;
                        const int32_t in_y = down / w->stride_height;
                        const int32_t in_x = along / w->stride_width;
                        if (down >= 0 && in_y * w->stride_height == down && in_y < w->input_height &&
                            along >= 0 && in_x * w->stride_width == along && in_x < w->input_width) {
                            const float *pixel =
                                input + (in_y * w->input_width + in_x) * w->input_channels;
                            for (int32_t c = 0; c < w->input_channels; c++) {
                                sum += weight[c] * pixel[c];
                            }
                        }
                        weight += w->input_channels;
                    }
                }
                sum += bias ? bias[channel] : 0.0f;
                *output++ = model_clamp_float(sum, activation_min, activation_max);
            }
        }
    }
}
