/* CAST: the same number as another type. */
static void model_cast_TYPE(int32_t count, const input_t *input, element_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = (element_t)input[i];
    }
}
