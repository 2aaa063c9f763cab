/* needs: depthwise_rows_small quantization */
/* DEPTHWISE_CONV_2D with 3x3 filters on int8 for cores without DSP instructions, channel by
 * channel. A band of the channel's rows, framed with the zero point, lies in the scratch memory;
 * where two bands meet, rows move to the beginning. The exporter chooses the band's height, and
 * what is called a row: the longer side of the output. */
typedef struct {
    int16_t channels, stride;
    int16_t row_words, band_outputs; /* of a row in the band; rows of output that a band gives */
    int16_t input_along, input_across, output_along, output_across;
    int16_t padding_along, padding_across;
    int32_t input_step_along, input_step_across; /* from one pixel, or row, to the next */
    int32_t output_step_along, output_step_across;
} model_depthwise_3x3_small_shape;

/* A row of the input, or the frame above and below it (`from` is NULL): in each word a pixel and the
 * one `stride` to its right. */
MODEL_HOT
static void model_depthwise_fill(const model_depthwise_3x3_small_shape *s, int32_t zero_point,
                                 const int8_t *from, uint32_t *to)
{
    const uint32_t frame = (uint32_t)zero_point;
    const int32_t step = s->input_step_along;
    const uint32_t *const end = to + s->row_words;
    int32_t rest = from == NULL ? 0 : s->input_along;
    uint32_t value[2] = {frame, frame}; /* of this word's pixel and of the next one's */
    for (int32_t i = s->padding_along; i < s->stride && rest > 0; i++, rest--) {
        value[i] = (uint32_t)*from;
        from += step;
    }
    if (s->stride == 1) {
        uint32_t pixel = value[0];
        for (; rest > 0 && to != end; rest--) {
            const uint32_t next = (uint32_t)*from;
            from += step;
            *to++ = (next << 16) + pixel;
            pixel = next;
        }
        value[0] = pixel;
        value[1] = frame;
    } else {
        uint32_t pixel = value[0], middle = value[1];
        for (; rest > 0 && to != end; rest--) {
            const uint32_t next = (uint32_t)*from;
            from += step;
            *to++ = (next << 16) + pixel;
            pixel = middle;
            middle = next;
        }
        value[0] = pixel;
        value[1] = middle;
    }
    for (int32_t i = 0; to != end; i++) {
        *to++ = (frame << 16) + (i < 2 ? value[i] : frame);
    }
}

static void model_depthwise_3x3_small(const model_depthwise_3x3_small_shape *s,
                                      const model_quantization *q, const int8_t *filter,
                                      const int32_t *channel, const int8_t *input,
                                      int8_t *output, int16_t *scratch)
{
    uint32_t *const band = (uint32_t *)(void *)scratch;
    model_depthwise_task task;
    task.plane = band;
    task.row_bytes = 4 * s->row_words;
    task.next_plane = task.row_bytes * s->stride;
    task.step = s->output_step_along;
    task.next_row = s->output_step_across;
    task.count = s->output_along;
    task.advance = 8 * s->stride;
    for (int32_t c = 0; c < s->channels; c++, channel += 3) {
        for (int32_t i = 0; i < 9; i++) {
            task.weight[i] = *filter++;
        }
        task.bias = channel[0];
        task.multiplier = channel[1];
        task.shift = channel[2];
        task.rounding = model_small_rounding(2 * q->output_zero_point + 1, task.shift);
        task.output = output + c;
        uint32_t *row = band;
        int32_t y = -s->padding_across;
        for (int32_t rest = s->output_across; rest > 0;) {
            task.rows = rest < s->band_outputs ? rest : s->band_outputs;
            uint32_t *const end = band + (s->stride * (task.rows - 1) + 3) * s->row_words;
            for (; row != end; row += s->row_words, y++) {
                const int8_t *from = y < 0 || y >= s->input_across
                                         ? NULL
                                         : input + (y * s->input_step_across + c);
                model_depthwise_fill(s, q->input_zero_point, from, row);
            }
            model_depthwise_rows(&task);
            task.output += task.rows * task.next_row;
            rest -= task.rows;
            row = band;
            if (rest > 0) { /* the next band begins with the last rows of this one */
                for (const uint32_t *last = end - (3 - s->stride) * s->row_words; last != end;) {
                    *row++ = *last++;
                }
            }
        }
    }
}
