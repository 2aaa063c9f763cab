/* needs: clamp_value window quantization */
/* MAX_POOL_2D: the greatest value under the window, for each channel. */
static void model_max_pool_2d_TYPE(const model_window *w, const model_quantization *q,
                                   const element_t *input, element_t *output)
{
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            for (int32_t channel = 0; channel < w->output_channels; channel++) {
                int32_t greatest = q->activation_min;
                for (int32_t y = 0; y < w->filter_height; y++) {
                    const int32_t in_y = out_y * w->stride_height + y - w->padding_top;
                    for (int32_t x = 0; x < w->filter_width; x++) {
                        const int32_t in_x = out_x * w->stride_width + x - w->padding_left;
                        if (in_y >= 0 && in_y < w->input_height && in_x >= 0 &&
                            in_x < w->input_width) {
                            const int32_t value =
                                input[(in_y * w->input_width + in_x) * w->input_channels + channel];
                            greatest = value > greatest ? value : greatest;
                        }
                    }
                }
                *output++ =
                    (element_t)model_clamp_value(greatest, q->activation_min, q->activation_max);
            }
        }
    }
}
