/* needs: rescale clamp_value broadcast */
/* PRELU: below zero, a value is multiplied by a slope of its own; the slopes repeat. */
typedef struct {
    int32_t zero_point, slope_zero_point, output_zero_point;
    int32_t multiplier, shift, slope_multiplier, slope_shift;
} model_prelu;

static void model_prelu_TYPE(const model_prelu *p, const model_broadcast *b, const element_t *input,
                             const element_t *slopes, element_t *output)
{
    for (int32_t i = 0; i < b->count[0]; i++) {
        for (int32_t j = 0; j < b->count[1]; j++) {
            for (int32_t k = 0; k < b->count[2]; k++) {
                const element_t *x = input + i * b->step_0[0] + j * b->step_0[1] + k * b->step_0[2];
                const element_t *s = slopes + i * b->step_1[0] + j * b->step_1[1] + k * b->step_1[2];
                for (int32_t l = 0; l < b->count[3]; l++) {
                    const int32_t value = *x - p->zero_point;
                    const int32_t slope = *s - p->slope_zero_point;
                    const int32_t y =
                        value >= 0
                            ? model_rescale(value, p->multiplier, p->shift)
                            : model_rescale(value * slope, p->slope_multiplier, p->slope_shift);
                    *output++ = (element_t)model_clamp_value(y + p->output_zero_point, INT8_MIN,
                                                             INT8_MAX);
                    x += b->step_0[3];
                    s += b->step_1[3];
                }
            }
        }
    }
}
