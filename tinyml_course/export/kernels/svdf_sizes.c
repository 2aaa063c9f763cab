/* Sizes and factors of an SVDF. */
typedef struct {
    int32_t inputs, units, rank, memory;
    int32_t input_zero_point, state_zero_point, output_zero_point, state_min, state_max;
    int32_t state_multiplier, state_shift, output_multiplier, output_shift;
} model_svdf;
