/* needs: dsp_requantize dsp_halves quantization */
/* DEPTHWISE_CONV_2D on int8 with 3x3 filters, stride 1 or 2, for cores with DSP instructions.
 *
 * Channel by channel. The channel is first copied to a plane of int16 with a frame of zero points:
 * so neighbours lie in one word, and no output needs to know about edges. Then the filter walks
 * over the plane, with stride 1 two outputs at a time on two lines: four LDRD, and four
 * multiplications for six products. A row of the plane has TYPE halfwords, a literal: one address
 * register reaches four rows. The walk follows the image's longer side ("along"; the other is
 * "across"), and the exporter transposes the filters if that is the height. A channel is read
 * before it is written, so the output may take the input's place if both have the same shape. */
typedef struct {
    int16_t channels, stride, plane_rows;
    int16_t input_along, input_across;
    int32_t input_along_step, input_across_step; /* bytes from one value to the next */
    int16_t output_along, output_across;
    int32_t output_along_step, output_across_step;
    int16_t padding_along, padding_across;
} model_depthwise_3x3;

/* One channel of the image, widened into the plane. */
MODEL_HOT
static void model_gather_plane_TYPE(const model_depthwise_3x3 *shape, const int8_t *input,
                                       int16_t *to)
{
    const int32_t along = shape->input_along, step = shape->input_along_step;
    const int32_t to_next_line = shape->input_across_step - along * step;
    for (int32_t lines = shape->input_across; lines > 0; lines--) {
        int16_t *end = to + (along & ~3);
        while (to != end) {
            const int8_t *second = input + step, *fourth = second + 2 * step;
            to[0] = *input;
            to[1] = *second;
            to[2] = second[step];
            to[3] = *fourth;
            input = fourth + step;
            to += 4;
        }
        for (end = to + (along & 3); to != end; input += step) {
            *to++ = *input;
        }
        input += to_next_line;
        to += TYPE - along;
    }
}

/* Twice two weights in one word: twice the filter gives twice the accumulator, as
 * model_dsp_requantize wants it. */
MODEL_INLINE uint32_t model_twice(const int8_t *weights)
{
    return ((uint32_t)(2 * weights[0]) & 0xffffu) | (uint32_t)(2 * weights[1]) << 16;
}

MODEL_HOT
static void model_depthwise_3x3_dsp_TYPE(const model_depthwise_3x3 *shape,
                                         const model_quantization *q, const int8_t *filter,
                                         const int32_t *channel, const int8_t *input,
                                         int8_t *output, int16_t *plane)
{
    const int32_t along = shape->output_along, step = shape->output_along_step;
    const int32_t across_step = shape->output_across_step;
    const int32_t to_next_line = across_step - along * step;
    const int32_t stride = shape->stride;
    /* from where x stands behind a line, an even place, to the next line's first window */
    const int32_t to_next_window = stride * TYPE - (stride == 1 ? along + (along & 1) : 2 * along);
    const int32_t twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    for (int32_t i = shape->plane_rows * TYPE; i-- > 0;) {
        plane[i] = q->input_zero_point;
    }
    for (int32_t c = 0; c < shape->channels; c++) {
        model_gather_plane_TYPE(
            shape, input + c, plane + shape->padding_across * TYPE + shape->padding_along);
        const uint32_t w_01 = model_twice(filter), w_12 = model_twice(filter + 1);
        const uint32_t w_34 = model_twice(filter + 3), w_45 = model_twice(filter + 4);
        const uint32_t w_67 = model_twice(filter + 6), w_78 = model_twice(filter + 7);
        const uint32_t bias = (uint32_t)channel[0] * 2;
        const int32_t multiplier = channel[1], shift = channel[2];
        const int32_t rounding = model_dsp_rounding(twice_zero_point_and_one, shift);
        const int16_t *x = plane;
        int8_t *out = output + c;
        uint32_t x_01, x_23, sum_0, sum_1, sum_2, sum_3;
/* One row of the filter (two overlapping words of it) for two neighbouring outputs. */
#define MODEL_ROW(w_first, w_last, sum_a, sum_b) \
    do { \
        sum_a = model_smlad(x_01, w_first, sum_a); \
        sum_b = model_smlatb(x_01, w_first, sum_b); \
        sum_a = model_smlabt(x_23, w_last, sum_a); \
        sum_b = model_smlad(x_23, w_last, sum_b); \
    } while (0)
#define MODEL_STORE(to, sum) \
    *(to) = model_dsp_requantize((int32_t)(sum), multiplier, rounding, shift)
        for (int32_t lines = shape->output_across; lines > 0; lines--) {
            const int16_t *end = x + (along & ~1);
            if (stride == 1 && lines > 1) { /* two outputs of this line and of the next one */
                int8_t *below = out + across_step;
                for (; x != end; x += 2) {
                    sum_0 = sum_1 = sum_2 = sum_3 = bias;
                    MODEL_LOAD_TWO(x, 0, x_01, x_23);
                    MODEL_ROW(w_01, w_12, sum_0, sum_1);
                    MODEL_LOAD_TWO(x, 2 * TYPE, x_01, x_23);
                    MODEL_ROW(w_01, w_12, sum_2, sum_3);
                    MODEL_ROW(w_34, w_45, sum_0, sum_1);
                    MODEL_LOAD_TWO(x, 4 * TYPE, x_01, x_23);
                    MODEL_ROW(w_34, w_45, sum_2, sum_3);
                    MODEL_ROW(w_67, w_78, sum_0, sum_1);
                    MODEL_STORE(out, sum_0);
                    MODEL_STORE(out + step, sum_1);
                    MODEL_LOAD_TWO(x, 6 * TYPE, x_01, x_23);
                    MODEL_ROW(w_67, w_78, sum_2, sum_3);
                    MODEL_STORE(below, sum_2);
                    MODEL_STORE(below + step, sum_3);
                    out += 2 * step;
                    below += 2 * step;
                }
                if ((along & 1) != 0) {
                    MODEL_LOAD_TWO(x, 2 * TYPE, x_01, x_23);
                    sum_0 = model_smlabt(x_23, w_45, model_smlad(x_01, w_34, bias));
                    sum_2 = model_smlabt(x_23, w_12, model_smlad(x_01, w_01, bias));
                    MODEL_LOAD_TWO(x, 4 * TYPE, x_01, x_23);
                    sum_0 = model_smlabt(x_23, w_78, model_smlad(x_01, w_67, sum_0));
                    sum_2 = model_smlabt(x_23, w_45, model_smlad(x_01, w_34, sum_2));
                    MODEL_LOAD_TWO(x, 0, x_01, x_23);
                    MODEL_STORE(out, model_smlabt(x_23, w_12, model_smlad(x_01, w_01, sum_0)));
                    MODEL_LOAD_TWO(x, 6 * TYPE, x_01, x_23);
                    sum_2 = model_smlabt(x_23, w_78, model_smlad(x_01, w_67, sum_2));
                    MODEL_STORE(below, sum_2);
                    x += 2;
                    out += step;
                }
                out += across_step;
                x += TYPE;
                lines--;
            } else {
                if (stride == 1) { /* two outputs of the last line */
                    for (; x != end; x += 2) {
                        sum_0 = sum_1 = bias;
                        MODEL_LOAD_TWO(x, 0, x_01, x_23);
                        MODEL_ROW(w_01, w_12, sum_0, sum_1);
                        MODEL_LOAD_TWO(x, 2 * TYPE, x_01, x_23);
                        MODEL_ROW(w_34, w_45, sum_0, sum_1);
                        MODEL_LOAD_TWO(x, 4 * TYPE, x_01, x_23);
                        MODEL_ROW(w_67, w_78, sum_0, sum_1);
                        MODEL_STORE(out, sum_0);
                        MODEL_STORE(out + step, sum_1);
                        out += 2 * step;
                    }
                    end += 2 * (along & 1);
                } else {
                    end = x + 2 * along;
                }
                for (; x != end; x += 2) { /* one output, at an even place of the plane */
                    MODEL_LOAD_TWO(x, 0, x_01, x_23);
                    sum_0 = model_smlabt(x_23, w_12, model_smlad(x_01, w_01, bias));
                    MODEL_LOAD_TWO(x, 2 * TYPE, x_01, x_23);
                    sum_0 = model_smlabt(x_23, w_45, model_smlad(x_01, w_34, sum_0));
                    MODEL_LOAD_TWO(x, 4 * TYPE, x_01, x_23);
                    sum_0 = model_smlabt(x_23, w_78, model_smlad(x_01, w_67, sum_0));
                    MODEL_STORE(out, sum_0);
                    out += step;
                }
            }
            out += to_next_line;
            x += to_next_window;
        }
#undef MODEL_ROW
#undef MODEL_STORE
        filter += 9;
        channel += 3;
    }
}
