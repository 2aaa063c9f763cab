/* needs: reciprocal rounding_divide clamp_value broadcast */
/* DIV of two quantized values: times the reciprocal, both with as many bits as fit. */
typedef struct {
    int32_t zero_point_1, zero_point_2, output_zero_point;
    int32_t multiplier, shift, activation_min, activation_max;
} model_division;

static int32_t model_div_values(const model_division *p, int32_t a, int32_t b)
{
    const int32_t divisor = b < p->zero_point_2 ? p->zero_point_2 - b : b - p->zero_point_2;
    const int32_t x = b < p->zero_point_2 ? p->zero_point_1 - a : a - p->zero_point_1;
    int32_t reciprocal = -1515870788, over_one = -1; /* TFLM's answer to a division by zero */
    if (divisor > 0) {
        int32_t headroom = 0; /* leading zeros: with them the divisor is 1 + x, x in [0, 1) */
        while (((uint32_t)divisor << headroom) < (1U << 31)) {
            headroom++;
        }
        reciprocal = model_reciprocal((int32_t)(((uint32_t)divisor << headroom) - (1U << 31)));
        over_one = 31 - headroom;
    }
    const uint32_t magnitude = (uint32_t)(x < 0 ? -x - 1 : x);
    int32_t left = 0;
    while (left < 31 && (magnitude << left) < (1U << 30)) {
        left++;
    }
    const int32_t wide = (int32_t)((uint32_t)x << left);
    const int32_t quotient = model_doubling_high_multiply(wide, reciprocal);
    int32_t y = model_doubling_high_multiply(quotient, p->multiplier);
    const int32_t right = over_one + left - p->shift;
    /* a shift by more than 31 bits is what processors make of it, in TFLM and so here */
    y = right > 31 ? (y >> (right & 31)) + (y >= 0) : model_rounding_divide(y, right);
    return model_clamp_value(y + p->output_zero_point, p->activation_min, p->activation_max);
}

/* DIV; a smaller shape repeats. */
static void model_div_TYPE(const model_division *p, const model_broadcast *b,
                           const element_t *input_0, const element_t *input_1, element_t *output)
{
    for (int32_t i = 0; i < b->count[0]; i++) {
        for (int32_t j = 0; j < b->count[1]; j++) {
            for (int32_t k = 0; k < b->count[2]; k++) {
                const element_t *x = input_0 + i * b->step_0[0] + j * b->step_0[1] + k * b->step_0[2];
                const element_t *y = input_1 + i * b->step_1[0] + j * b->step_1[1] + k * b->step_1[2];
                for (int32_t l = 0; l < b->count[3]; l++) {
                    *output++ = (element_t)model_div_values(p, *x, *y);
                    x += b->step_0[3];
                    y += b->step_1[3];
                }
            }
        }
    }
}
