/* needs: rescale clamp_value broadcast */
/* SQUARED_DIFFERENCE: both values on one fine scale, subtracted, squared, and brought back. */
typedef struct {
    int32_t left_shift;
    int32_t zero_point_1, multiplier_1, shift_1, zero_point_2, multiplier_2, shift_2;
    int32_t output_zero_point, multiplier, shift, activation_min, activation_max;
} model_squares;

static void model_squared_difference_TYPE(const model_squares *p, const model_broadcast *b,
                                          const element_t *input_0, const element_t *input_1,
                                          element_t *output)
{
    for (int32_t i = 0; i < b->count[0]; i++) {
        for (int32_t j = 0; j < b->count[1]; j++) {
            for (int32_t k = 0; k < b->count[2]; k++) {
                const element_t *x = input_0 + i * b->step_0[0] + j * b->step_0[1] + k * b->step_0[2];
                const element_t *y = input_1 + i * b->step_1[0] + j * b->step_1[1] + k * b->step_1[2];
                for (int32_t l = 0; l < b->count[3]; l++) {
                    const int32_t first = model_rescale(
                        (*x - p->zero_point_1) * (1 << p->left_shift), p->multiplier_1, p->shift_1);
                    const int32_t second = model_rescale(
                        (*y - p->zero_point_2) * (1 << p->left_shift), p->multiplier_2, p->shift_2);
                    const int32_t square = (first - second) * (first - second);
                    const int32_t z = model_rescale(square, p->multiplier, p->shift);
                    *output++ = (element_t)model_clamp_value(z + p->output_zero_point,
                                                             p->activation_min, p->activation_max);
                    x += b->step_0[3];
                    y += b->step_1[3];
                }
            }
        }
    }
}
