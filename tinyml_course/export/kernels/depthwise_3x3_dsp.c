/* needs: dsp quantization */
/* DEPTHWISE_CONV_2D on int8 with 3x3 filters, stride 1 or 2, for cores with DSP instructions.

 * Channel by channel: the channel is first copied to a plane of int16 with a frame of zero points,
 * so that neighbours lie in one word and no output needs to know about edges. Then the filter
 * stays in registers while it walks over the plane, two outputs at a time: per row of the filter
 * one LDRD and four multiplications for two outputs, each of which needs three products.
 * A row of the plane has TYPE halfwords: a literal, so that one address register reaches three rows.
 * The walk follows the image's longer side ("along"; the other is "across"), and the exporter
 * transposes the filters if that is the height. A channel is read before it is written, so the
 * output may take the input's place if both have the same shape. */
typedef struct {
    int16_t channels, stride, plane_rows;
    int16_t input_along, input_across;
    int32_t input_along_step, input_across_step; /* bytes from one value to the next */
    int16_t output_along, output_across;
    int32_t output_along_step, output_across_step;
    int16_t padding_along, padding_across;
} model_depthwise_3x3;

static inline uint32_t model_pair(int32_t low, int32_t high)
{
    return ((uint32_t)low & 0xffffu) | (uint32_t)high << 16;
}

static void model_depthwise_3x3_dsp_TYPE(const model_depthwise_3x3 *shape,
                                         const model_quantization *q, const int8_t *filter,
                                         const int32_t *channel, const int8_t *input,
                                         int8_t *output, int16_t *plane)
{
    const int32_t along = shape->output_along, stride = shape->stride;
    for (int32_t i = shape->plane_rows * TYPE; i-- > 0;) {
        plane[i] = q->input_zero_point;
    }
    for (int32_t c = shape->channels; c > 0; --c) {
        int16_t *row = plane + shape->padding_across * TYPE + shape->padding_along;
        const int8_t *line = input++;
        for (int32_t lines = shape->input_across; lines > 0; --lines) {
            const int8_t *from = line;
            int16_t *to = row;
            for (int32_t i = shape->input_along; i > 0; --i) {
                *to++ = *from;
                from += shape->input_along_step;
            }
            line += shape->input_across_step;
            row += TYPE;
        }

        /* Twice the filter gives twice the accumulator, as model_dsp_requantize wants it. */
        const uint32_t w_01 = model_pair(2 * filter[0], 2 * filter[1]);
        const uint32_t w_12 = model_pair(2 * filter[1], 2 * filter[2]);
        const uint32_t w_34 = model_pair(2 * filter[3], 2 * filter[4]);
        const uint32_t w_45 = model_pair(2 * filter[4], 2 * filter[5]);
        const uint32_t w_67 = model_pair(2 * filter[6], 2 * filter[7]);
        const uint32_t w_78 = model_pair(2 * filter[7], 2 * filter[8]);
        const uint32_t bias = (uint32_t)channel[0] * 2;
        const int32_t multiplier = channel[1], shift = channel[2];
        const int32_t rounding = model_dsp_rounding(2 * q->output_zero_point + 1, shift);
        const int32_t step = shape->output_along_step;
        int8_t *out_line = output++;
        const int16_t *window = plane;
        for (int32_t lines = shape->output_across; lines > 0; --lines) {
            const int16_t *x = window;
            int8_t *out = out_line;
            uint32_t x_01, x_23, sum_0, sum_1;
            int32_t left = along;
            if (stride == 1) {
                for (const int16_t *end = x + (along & ~1); x != end; x += 2) {
                    MODEL_LOAD_TWO(x, 0, x_01, x_23);
                    sum_0 = model_smlad(x_01, w_01, bias);
                    sum_1 = model_smlatb(x_01, w_01, bias);
                    sum_0 = model_smlabt(x_23, w_12, sum_0);
                    sum_1 = model_smlad(x_23, w_12, sum_1);
                    MODEL_LOAD_TWO(x, 2 * TYPE, x_01, x_23);
                    sum_0 = model_smlad(x_01, w_34, sum_0);
                    sum_1 = model_smlatb(x_01, w_34, sum_1);
                    sum_0 = model_smlabt(x_23, w_45, sum_0);
                    sum_1 = model_smlad(x_23, w_45, sum_1);
                    MODEL_LOAD_TWO(x, 4 * TYPE, x_01, x_23);
                    sum_0 = model_smlad(x_01, w_67, sum_0);
                    sum_1 = model_smlatb(x_01, w_67, sum_1);
                    sum_0 = model_smlabt(x_23, w_78, sum_0);
                    sum_1 = model_smlad(x_23, w_78, sum_1);
                    *out = model_dsp_requantize((int32_t)sum_0, multiplier, rounding, shift);
                    out += step;
                    *out = model_dsp_requantize((int32_t)sum_1, multiplier, rounding, shift);
                    out += step;
                }
                left = along & 1;
            }
            for (; left > 0; --left, x += 2) {
                MODEL_LOAD_TWO(x, 0, x_01, x_23);
                sum_0 = model_smlad(x_01, w_01, bias);
                sum_0 = model_smlabt(x_23, w_12, sum_0);
                MODEL_LOAD_TWO(x, 2 * TYPE, x_01, x_23);
                sum_0 = model_smlad(x_01, w_34, sum_0);
                sum_0 = model_smlabt(x_23, w_45, sum_0);
                MODEL_LOAD_TWO(x, 4 * TYPE, x_01, x_23);
                sum_0 = model_smlad(x_01, w_67, sum_0);
                sum_0 = model_smlabt(x_23, w_78, sum_0);
                *out = model_dsp_requantize((int32_t)sum_0, multiplier, rounding, shift);
                out += step;
            }
            out_line += shape->output_across_step;
            window += stride * TYPE;
        }
        filter += 9;
        channel += 3;
    }
}
