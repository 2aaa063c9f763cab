/* needs: two_pixels_dsp window quantization */
/* CONV_2D on int8 for cores with DSP instructions: two pixels at a time. A pixel's patch of the input
 * is widened to int16 once, its zero point removed, and then serves all filters. The scratch memory
 * holds the patches of two pixels, their words taking turns. */

/* `count` bytes as int16 without their zero point. The order is what two SXTAB16 give: 0 2 1 3;
 * the filters are stored in the same order. Every other word of `patch` is another pixel's.
 * Returns what comes behind. */
MODEL_HOT
static uint32_t *model_widen(uint32_t *patch, const int8_t *from, int32_t count,
                                       int32_t zero_point)
{
    const uint32_t offset = ((uint32_t)-zero_point & 0xffffu) * 0x10001u;
    for (const int8_t *end = from + (count & ~7); from != end; from += 8) {
        const uint32_t word_0 = model_load_word(from), word_1 = model_load_word(from + 4);
        patch[0] = model_sxtab16(offset, word_0);
        patch[2] = model_sxtab16_ror8(offset, word_0);
        patch[4] = model_sxtab16(offset, word_1);
        patch[6] = model_sxtab16_ror8(offset, word_1);
        patch += 8;
    }
    if ((count & 4) != 0) {
        const uint32_t word = model_load_word(from);
        patch[0] = model_sxtab16(offset, word);
        patch[2] = model_sxtab16_ror8(offset, word);
        patch += 4;
        from += 4;
    }
    for (count &= 3; count > 0; count -= 2) { /* the rest, in order, filled up with one zero */
        uint32_t first = (uint32_t)(from[0] - zero_point) & 0xffffu;
        uint32_t second = count > 1 ? (uint32_t)(from[1] - zero_point) : 0;
        patch[0] = first | second << 16;
        patch += 2;
        from += 2;
    }
    return patch;
}

/* The same for a row that the image's edge cuts between channels which are not a multiple of 4.
 * `at` is where the whole row begins, which may lie outside of the image. */
MODEL_HOT
static void model_widen_cut(uint32_t *patch, const int8_t *input, int32_t at, int32_t count,
                            int32_t zero_point, int32_t inside, int32_t behind)
{
    const uint32_t offset = ((uint32_t)-zero_point & 0xffffu) * 0x10001u;
    int8_t value[4];
    int32_t k = 0;
    for (; k + 4 <= count; k += 4) {
        uint32_t word;
        if (k >= inside && k + 4 <= behind) {
            word = model_load_word(input + (at + k));
        } else {
            for (int32_t i = 0; i < 4; i++) {
                value[i] =
                    (int8_t)(k + i >= inside && k + i < behind ? input[at + k + i] : zero_point);
            }
            word = model_load_word(value);
        }
        patch[k] = model_sxtab16(offset, word);
        patch[k + 2] = model_sxtab16_ror8(offset, word);
    }
    for (; k < count; k += 2) { /* the rest, in order, filled up with one zero */
        uint32_t half[2];
        for (int32_t i = 0; i < 2; i++) {
            half[i] = k + i >= inside && k + i < behind
                          ? (uint32_t)(input[at + k + i] - zero_point)
                          : 0;
        }
        patch[k] = (half[0] & 0xffffu) | half[1] << 16;
    }
}

/* All that a filter sees of the input for output pixel (y, x), row by row. */
MODEL_HOT
static void model_conv_2d_dsp_patch(const model_window *w, int32_t zero_point,
                                    const int8_t *input, int32_t out_y, int32_t out_x,
                                    uint32_t *patch)
{
    const int32_t channels = w->input_channels;
    const int32_t row = w->filter_width * channels, next_row = (row + 1) & ~1;
    const int32_t next_line = w->input_width * channels;
    int32_t in_y = out_y * w->stride_height - w->padding_top;
    const int32_t in_x = out_x * w->stride_width - w->padding_left;
    int32_t at = in_y * next_line + in_x * channels;
    int32_t inside = 0, behind = row; /* what of each row lies in the image */
    if (in_x < 0) {
        inside = -in_x * channels;
    }
    if (in_x + w->filter_width > w->input_width) {
        behind = (w->input_width - in_x) * channels;
    }
    for (int32_t rows = w->filter_height; rows > 0; rows--) {
        uint32_t *next = patch;
        if (in_y >= 0 && in_y < w->input_height) {
            if (behind - inside == row) {
                next = model_widen(next, input + at, row, zero_point);
            } else if ((channels & 3) != 0) {
                model_widen_cut(next, input, at, row, zero_point, inside, behind);
                next += next_row;
            } else {
                for (; next != patch + inside; next += 2) {
                    *next = 0;
                }
                next = model_widen(next, input + (at + inside), behind - inside, zero_point);
            }
        }
        for (patch += next_row; next != patch; next += 2) {
            *next = 0;
        }
        in_y++;
        at += next_line;
    }
}

MODEL_HOT
static void model_conv_2d_dsp(const model_window *w, const model_quantization *q,
                              const int32_t *filter, const int32_t *channels,
                              const int8_t *input, int8_t *output, int16_t *scratch)
{
    const int32_t row = (w->filter_width * w->input_channels + 1) & ~1;
    const int32_t depth = (w->filter_height * row + 3) & ~3;
    const int32_t filters = w->output_channels;
    uint32_t *const patches = (uint32_t *)(void *)scratch;
    const int8_t *next_pixel = input;
    /* 1x1 filters that are moved by one: the patches are the pixels, one behind the other */
    const int32_t is_pointwise = w->filter_height * w->filter_width == 1 &&
                                 (w->input_channels & 3) == 0 &&
                                 w->stride_height * w->stride_width == 1;
    int32_t y = 0, x = 0;
    model_two_pixels_task task;
    task.values = patches;
    task.values_end = patches + depth;
    task.twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    task.filters = filters;
    task.is_odd = depth & 4;
    task.weights = filter;
    task.channels = channels;
    memset(patches + depth - 4, 0, 16); /* the fill behind the last row */
    for (int32_t pixels = w->output_height * w->output_width; pixels > 0; pixels -= 2) {
        for (int32_t i = 0; i < 2; i++) { /* a last single pixel comes twice */
            if (is_pointwise) {
                model_widen(patches + i, next_pixel, depth, q->input_zero_point);
                next_pixel += pixels > 1 ? depth : 0;
                continue;
            }
            model_conv_2d_dsp_patch(w, q->input_zero_point, input, y, x, patches + i);
            if (pixels > 1 && ++x == w->output_width) {
                x = 0;
                y++;
            }
        }
        task.output = output;
        task.second = pixels > 1 ? filters : 0;
        model_two_pixels(&task);
        for (int32_t i = 0; i < (filters & 3); i++) {
            int8_t *const to = output + ((filters & ~3) + i);
            to[0] = task.rest[i];
            to[task.second] = task.rest[4 + i];
        }
        output += 2 * filters;
    }
}
