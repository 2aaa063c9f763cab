/* needs: add_values */
/* ADD and SUB of tensors of the same shape. */
static void model_add_TYPE(int32_t count, const model_addition *p, const element_t *input_0,
                           const element_t *input_1, element_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = (element_t)model_add_values(p, input_0[i], input_1[i]);
    }
}
