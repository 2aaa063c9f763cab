/* How ADD and SUB bring two scales together: both inputs are shifted left for more precision and
 * rescaled to twice the larger scale, the result is rescaled to the output's. `sign` is -1 in SUB. */
typedef struct {
    int32_t left_shift, sign;
    int32_t zero_point_1, multiplier_1, shift_1;
    int32_t zero_point_2, multiplier_2, shift_2;
    int32_t output_zero_point, output_multiplier, output_shift;
    int32_t activation_min, activation_max;
} model_addition;
