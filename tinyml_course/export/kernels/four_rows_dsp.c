/* needs: dsp */
/* Four rows of weights with the same inputs, for cores with DSP instructions: two rows in a
 * halfword as in conv_2d_dsp.c; 31 instructions for 32 products in the inner loop. */

/* `count` inputs as int16 without their zero point, in the order of two SXTAB16, filled up with
 * zeros to fours. Returns how many they are then. */
MODEL_INLINE int32_t model_widen_inputs(const int8_t *input, int32_t count, int32_t zero_point,
                                        uint32_t *wide)
{
    const uint32_t offset = ((uint32_t)-zero_point & 0xffffu) * 0x10001u;
    int32_t k = 0;
    for (; k + 4 <= count; k += 4) {
        uint32_t word = model_load_word(input + k);
        wide[0] = model_sxtab16(offset, word);
        wide[1] = model_sxtab16_ror8(offset, word);
        wide += 2;
    }
    if (k < count) { /* up to three more, in order */
        uint32_t value[4] = {0, 0, 0, 0};
        for (int32_t i = 0; i < count - k; i++) {
            value[i] = (uint32_t)(input[k + i] - zero_point) & 0xffffu;
        }
        wide[0] = value[0] | value[1] << 16;
        wide[1] = value[2] | value[3] << 16;
        k += 4;
    }
    return k;
}

/* Adds the products of `depth` inputs to the sums: 256 * A + B of the first two rows, B alone; the
 * same of the other two. Returns the weights of the next four rows. */
MODEL_INLINE const int32_t *model_four_rows_dsp(const int32_t *weights, const int32_t *values,
                                                int32_t depth, uint32_t sum[4])
{
    const int32_t *end = weights + (depth & ~7);
    uint32_t sum_01 = sum[0], sum_1 = sum[1], sum_23 = sum[2], sum_3 = sum[3];
#define MODEL_STEP \
    do { \
        uint32_t w_01, w_23, x_0, x_1; \
        model_next_two(&values, &x_0, &x_1); \
        model_next_two(&weights, &w_01, &w_23); \
        sum_01 = model_smlad(w_01, x_0, sum_01); \
        sum_23 = model_smlad(w_23, x_0, sum_23); \
        sum_1 = model_smlad(model_sxtb16(w_01), x_0, sum_1); \
        sum_3 = model_smlad(model_sxtb16(w_23), x_0, sum_3); \
        model_next_two(&weights, &w_01, &w_23); \
        sum_01 = model_smlad(w_01, x_1, sum_01); \
        sum_23 = model_smlad(w_23, x_1, sum_23); \
        sum_1 = model_smlad(model_sxtb16(w_01), x_1, sum_1); \
        sum_3 = model_smlad(model_sxtb16(w_23), x_1, sum_3); \
    } while (0)
    while (weights != end) {
        MODEL_STEP;
        MODEL_STEP;
    }
    if ((depth & 4) != 0) {
        MODEL_STEP;
    }
#undef MODEL_STEP
    sum[0] = sum_01;
    sum[1] = sum_1;
    sum[2] = sum_23;
    sum[3] = sum_3;
    return weights;
}
