/* needs: clamp_value */
/* RELU and RELU6 that keep the scale. */
static void model_clamp_TYPE(int32_t count, int32_t low, int32_t high, const element_t *input,
                             element_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = (element_t)model_clamp_value(input[i], low, high);
    }
}
