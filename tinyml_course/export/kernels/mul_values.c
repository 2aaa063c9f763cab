/* needs: rescale clamp_value */
/* MUL of two quantized values: the product of the scales is part of the multiplier. */
typedef struct {
    int32_t zero_point_1, zero_point_2, output_zero_point;
    int32_t multiplier, shift, activation_min, activation_max;
} model_product;

static int32_t model_mul_values(const model_product *p, int32_t a, int32_t b)
{
    const int32_t product = (a - p->zero_point_1) * (b - p->zero_point_2);
    const int32_t y = model_rescale(product, p->multiplier, p->shift) + p->output_zero_point;
    return model_clamp_value(y, p->activation_min, p->activation_max);
}
