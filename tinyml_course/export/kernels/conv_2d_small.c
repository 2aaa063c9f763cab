/* needs: four_pixels window quantization */
/* CONV_2D on int8 for cores without DSP instructions: what the filters see of the input is brought
 * together for four output pixels, two pixels in a word, then all filters run over it. Beyond the
 * image's edge the patch holds the zero point; the zero point's part of the sums is in the bias. */
typedef struct {
    int32_t y, x; /* the corner of the window, in the input; may lie outside */
} model_corner;

/* One row of the windows of two pixels. Every other word of `patch` is another two pixels'. */
MODEL_HOT
static uint32_t *model_pack_row(const model_window *w, int32_t zero_point, const int8_t *input,
                                model_corner a, model_corner b, uint32_t *patch)
{
    const int32_t channels = w->input_channels, line = w->input_width * channels;
    const int32_t row = w->filter_width * channels;
    const int32_t at_a = a.y * line + a.x * channels, at_b = b.y * line + b.x * channels;
    int32_t inside_a = -a.x * channels, behind_a = line - a.x * channels;
    int32_t inside_b = -b.x * channels, behind_b = line - b.x * channels;
    if (a.y < 0 || a.y >= w->input_height) {
        behind_a = 0;
    }
    if (b.y < 0 || b.y >= w->input_height) {
        behind_b = 0;
    }
    if (inside_a <= 0 && behind_a >= row && inside_b <= 0 && behind_b >= row) {
        const int8_t *from_a = input + at_a, *from_b = input + at_b;
        for (const int8_t *end = from_a + row; from_a != end;) {
            *patch = ((uint32_t)*from_b++ << 16) + (uint32_t)*from_a++;
            patch += 2;
        }
        return patch;
    }
    for (int32_t k = 0; k < row; k++) {
        const int32_t value_a = k >= inside_a && k < behind_a ? input[at_a + k] : zero_point;
        const int32_t value_b = k >= inside_b && k < behind_b ? input[at_b + k] : zero_point;
        *patch = ((uint32_t)value_b << 16) + (uint32_t)value_a;
        patch += 2;
    }
    return patch;
}

static void model_conv_2d_small(const model_window *w, const model_quantization *q,
                                const int32_t *weights, const int32_t *channels,
                                const int8_t *input, int8_t *output, int16_t *scratch)
{
    const int32_t filters = w->output_channels, pixels = w->output_height * w->output_width;
    const int32_t depth = w->filter_height * w->filter_width * w->input_channels;
    uint32_t *const patch = (uint32_t *)(void *)scratch;
    model_corner corner[4], next = {-w->padding_top, -w->padding_left};
    int32_t out_x = 0;
    model_four_pixels_task task;
    task.patch = patch;
    task.patch_end = patch + 2 * ((depth + 3) & ~3);
    task.weights = weights;
    task.channels = channels;
    task.filters = filters;
    task.twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    for (int32_t first = 0; first < pixels; first += 4) {
        task.output = output + first * filters;
        for (int32_t i = 0; i < 4; i++) { /* if fewer than four are left, the last one again */
            corner[i] = next;
            if (first + i + 1 >= pixels) {
                if (i < 3) {
                    task.offset[i] = (pixels - 1 - first) * filters;
                }
                continue;
            }
            if (i < 3) {
                task.offset[i] = (i + 1) * filters;
            }
            next.x += w->stride_width;
            if (++out_x == w->output_width) {
                out_x = 0;
                next.x = -w->padding_left;
                next.y += w->stride_height;
            }
        }
        for (int32_t pair = 0; pair < 2; pair++) {
            uint32_t *to = patch + pair;
            model_corner a = corner[2 * pair], b = corner[2 * pair + 1];
            for (int32_t y = 0; y < w->filter_height; y++) {
                to = model_pack_row(w, q->input_zero_point, input, a, b, to);
                a.y++;
                b.y++;
            }
            for (; to < task.patch_end; to += 2) { /* up to whole words of weights */
                *to = 0;
            }
        }
        model_four_pixels(&task);
    }
}
