/* Zero points of input and output, and the range that the activation leaves. */
typedef struct {
    int16_t input_zero_point, output_zero_point;
    int16_t activation_min, activation_max;
} model_quantization;
