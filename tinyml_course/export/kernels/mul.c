/* needs: mul_values */
/* MUL of tensors of the same shape. */
static void model_mul_TYPE(int32_t count, const model_product *p, const element_t *input_0,
                           const element_t *input_1, element_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = (element_t)model_mul_values(p, input_0[i], input_1[i]);
    }
}
