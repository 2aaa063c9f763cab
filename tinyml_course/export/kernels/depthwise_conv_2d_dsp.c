/* needs: depthwise_taps dsp_lanes dsp_requantize quantization */
/* DEPTHWISE_CONV_2D of any size on int8 for cores with DSP instructions, one output a channel: four
 * neighbouring channels at a time. A word of the input and a word of the filter hold a tap of four
 * channels; widened, two of them share a word. Channels that do not come in fours: the last four
 * overlap those before them. There must be four at least. */
MODEL_HOT
static void model_depthwise_conv_2d_dsp(const model_window *w, const model_quantization *q,
                                        const int8_t *filter, const int32_t *channel,
                                        const int8_t *input, int8_t *output)
{
    const uint32_t offset = ((uint32_t)-q->input_zero_point & 0xffffu) * 0x10001u;
    const int32_t twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    const int32_t channels = w->input_channels;
    for (int32_t out_y = 0; out_y < w->output_height; out_y++) {
        for (int32_t out_x = 0; out_x < w->output_width; out_x++) {
            model_taps t;
            model_find_taps(w, out_y * w->stride_height - w->padding_top,
                            out_x * w->stride_width - w->padding_left, &t);
            for (int32_t c = 0; c < channels; c += 4) {
                if (c > channels - 4) {
                    c = channels - 4;
                }
                const int32_t *scale = channel + 3 * c;
                int32_t sum_0 = scale[0], sum_1 = scale[3], sum_2 = scale[6], sum_3 = scale[9];
                const int8_t *x_row = input + (t.input_at + c), *w_row = filter + (t.filter_at + c);
                for (int32_t rows = t.rows; rows > 0; rows--) {
                    const int32_t x_step = t.input_column, w_step = t.filter_column;
                    const int8_t *x_at = x_row, *w_at = w_row;
                    int32_t left = t.columns;
#define MODEL_TAP(x_word, w_word) \
    do { \
        const uint32_t four_x = (x_word), four_w = (w_word); \
        const uint32_t x_02 = model_sxtab16(offset, four_x), w_02 = model_sxtb16(four_w); \
        sum_0 = model_smlabb(x_02, w_02, sum_0); \
        sum_2 = model_smlatt(x_02, w_02, sum_2); \
        const uint32_t x_13 = model_sxtab16_ror8(offset, four_x); \
        const uint32_t w_13 = model_sxtb16_ror8(four_w); \
        sum_1 = model_smlabb(x_13, w_13, sum_1); \
        sum_3 = model_smlatt(x_13, w_13, sum_3); \
    } while (0)
                    for (; left > 1; left -= 2) {
                        MODEL_TAP(model_load_word(x_at), model_load_word(w_at));
                        MODEL_TAP(model_load_word(x_at + x_step), model_load_word(w_at + w_step));
                        x_at += 2 * x_step;
                        w_at += 2 * w_step;
                    }
                    if (left > 0) {
                        MODEL_TAP(model_load_word(x_at), model_load_word(w_at));
                    }
#undef MODEL_TAP
                    x_row += t.input_row;
                    w_row += t.filter_row;
                }
                int8_t result[4];
#define MODEL_STORE(number, sum) \
    do { \
        const int32_t shift = scale[3 * number + 2]; \
        const int32_t rounding = model_dsp_rounding(twice_zero_point_and_one, shift); \
        result[number] = model_dsp_requantize((int32_t)((uint32_t)(sum) << 1), \
                                              scale[3 * number + 1], rounding, shift); \
    } while (0)
                MODEL_STORE(0, sum_0);
                MODEL_STORE(1, sum_1);
                MODEL_STORE(2, sum_2);
                MODEL_STORE(3, sum_3);
#undef MODEL_STORE
                MODEL_COPY_WORD(output + c, result);
            }
            output += channels;
        }
    }
}
