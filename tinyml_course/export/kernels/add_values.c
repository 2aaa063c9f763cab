/* needs: addition rescale clamp_value */
/* ADD or SUB of two quantized values. */
static int32_t model_add_values(const model_addition *p, int32_t a, int32_t b)
{
    const int32_t unit = (int32_t)1 << p->left_shift;
    const int32_t x = model_rescale((a - p->zero_point_1) * unit, p->multiplier_1, p->shift_1);
    const int32_t y = model_rescale((b - p->zero_point_2) * unit, p->multiplier_2, p->shift_2);
    const int32_t sum = model_rescale(x + p->sign * y, p->output_multiplier, p->output_shift);
    return model_clamp_value(sum + p->output_zero_point, p->activation_min, p->activation_max);
}
