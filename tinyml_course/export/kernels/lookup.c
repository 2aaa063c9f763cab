/* A function of one int8 value: its 256 answers were computed at export. */
static void model_lookup(int32_t count, const int8_t *table, const int8_t *input, int8_t *output)
{
    for (int32_t i = 0; i < count; i++) {
        output[i] = table[input[i] + 128];
    }
}
