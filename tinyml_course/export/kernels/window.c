/* The shape of a convolution or a pooling, and how its window moves over the input. */
typedef struct {
    int16_t input_height, input_width, input_channels;
    int16_t output_height, output_width, output_channels;
    int16_t filter_height, filter_width;
    int16_t stride_height, stride_width;
    int16_t dilation_height, dilation_width;
    int16_t padding_top, padding_left;
} model_window;
