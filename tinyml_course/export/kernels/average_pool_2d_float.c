/* needs: clamp_float window */
/* AVERAGE_POOL_2D: the mean of the values under the window, for each channel; in float32. */
static void model_average_pool_2d_float(const model_window *w, float activation_min,
                                        float activation_max, const float *input, float *output)
{
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            for (int32_t channel = 0; channel < w->output_channels; channel++) {
                float sum = 0.0f;
                int32_t count = 0;
                for (int32_t y = 0; y < w->filter_height; y++) {
                    const int32_t in_y = out_y * w->stride_height + y - w->padding_top;
                    for (int32_t x = 0; x < w->filter_width; x++) {
                        const int32_t in_x = out_x * w->stride_width + x - w->padding_left;
                        if (in_y >= 0 && in_y < w->input_height && in_x >= 0 &&
                            in_x < w->input_width) {
                            sum +=
                                input[(in_y * w->input_width + in_x) * w->input_channels + channel];
                            count++;
                        }
                    }
                }
                *output++ =
                    model_clamp_float(sum / (float)count, activation_min, activation_max);
            }
        }
    }
}
