/* needs: window */
/* What a depthwise filter of any size sees of the input at one output pixel: its taps, where they
 * lie within the image. The walk goes over `rows` times `columns` of them. */
typedef struct {
    int32_t input_at, filter_at; /* the first tap of channel 0: in the input, in the filter */
    int32_t rows, columns;
    int32_t input_column, input_row, filter_column, filter_row; /* steps */
} model_taps;

/* Along one axis: moves `at` and `tap` to the first tap inside, and counts them. */
static int32_t model_taps_inside(int32_t size, int32_t filter_size, int32_t dilation, int32_t *at,
                                 int32_t *tap)
{
    int32_t count = 0;
    for (*tap = 0; *at < 0; *at += dilation) {
        ++*tap;
    }
    for (int32_t i = *at; i < size && *tap + count < filter_size; i += dilation) {
        count++;
    }
    return count;
}

/* (in_y, in_x): the window's corner, which may lie outside of the image. */
static void model_find_taps(const model_window *w, int32_t in_y, int32_t in_x, model_taps *t)
{
    const int32_t channels = w->input_channels, line = w->input_width * channels;
    int32_t y, x;
    t->rows = model_taps_inside(w->input_height, w->filter_height, w->dilation_height, &in_y, &y);
    t->columns = model_taps_inside(w->input_width, w->filter_width, w->dilation_width, &in_x, &x);
    t->input_at = in_y * line + in_x * channels;
    t->filter_at = (y * w->filter_width + x) * w->output_channels;
    t->input_column = w->dilation_width * channels;
    t->filter_column = w->output_channels;
    t->input_row = w->dilation_height * line;
    t->filter_row = w->filter_width * w->output_channels;
    if (t->columns == 1) { /* one long row instead of many short ones */
        t->columns = t->rows;
        t->rows = 1;
        t->input_column = t->input_row;
        t->filter_column = t->filter_row;
    }
}
