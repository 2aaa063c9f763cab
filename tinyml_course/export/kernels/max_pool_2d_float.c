/* needs: clamp_float window */
/* MAX_POOL_2D: the greatest value under the window, for each channel; in float32. */
static void model_max_pool_2d_float(const model_window *w, float activation_min,
                                    float activation_max, const float *input, float *output)
{
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            for (int32_t channel = 0; channel < w->output_channels; channel++) {
                float greatest = activation_min;
                for (int32_t y = 0; y < w->filter_height; y++) {
                    const int32_t in_y = out_y * w->stride_height + y - w->padding_top;
                    for (int32_t x = 0; x < w->filter_width; x++) {
                        const int32_t in_x = out_x * w->stride_width + x - w->padding_left;
                        if (in_y >= 0 && in_y < w->input_height && in_x >= 0 &&
                            in_x < w->input_width) {
                            const float value =
                                input[(in_y * w->input_width + in_x) * w->input_channels + channel];
                            greatest = value > greatest ? value : greatest;
                        }
                    }
                }
                *output++ = model_clamp_float(greatest, activation_min, activation_max);
            }
        }
    }
}
