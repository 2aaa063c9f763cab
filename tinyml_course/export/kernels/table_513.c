/* A table of 512 steps over the range of an int16, linear within a step. */
static int32_t model_table_513(const int16_t *table, int32_t x)
{
    const int32_t step = 256 + (x >> 7);
    const int32_t slope = table[step + 1] - table[step];
    return table[step] + ((slope * (x & 127) + 64) >> 7);
}
