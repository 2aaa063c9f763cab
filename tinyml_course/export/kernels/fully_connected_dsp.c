/* needs: dsp quantization */
/* FULLY_CONNECTED on int8 for cores with DSP instructions: four rows of weights at a time, two in a
 * halfword as in conv_2d_dsp.c. 15 instructions for 16 products in the inner loop.
 * `scaling` is multiplier and shift, for all outputs (step 0) or for each (step 2). */
static void model_fully_connected_dsp(int32_t depth, int32_t channels, const model_quantization *q,
                                      const int32_t *weights, const int32_t *bias,
                                      const int32_t *scaling, int32_t scaling_step,
                                      const int8_t *input, int8_t *output, int16_t *scratch)
{
    const uint32_t offset = ((uint32_t)-q->input_zero_point & 0xffffu) * 0x10001u;
    const int32_t twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    uint32_t *wide = (uint32_t *)(void *)scratch;
    int32_t k = 0;
    for (; k + 4 <= depth; k += 4) {
        uint32_t word = model_load_word(input + k);
        wide[0] = model_sxtab16(offset, word);
        wide[1] = model_sxtab16_ror8(offset, word);
        wide += 2;
    }
    if (k < depth) { /* up to three more, in order, filled up with zeros */
        uint32_t value[4] = {0, 0, 0, 0};
        for (int32_t i = 0; i < depth - k; ++i) {
            value[i] = (uint32_t)(input[k + i] - q->input_zero_point) & 0xffffu;
        }
        wide[0] = value[0] | value[1] << 16;
        wide[1] = value[2] | value[3] << 16;
        depth = k + 4;
    }
    for (int32_t left = channels; left > 0; left -= 4) {
        const int32_t *values = (const int32_t *)(const void *)scratch;
        const int32_t *end = weights + (depth & ~7);
        uint32_t sum_1 = (uint32_t)bias[1], sum_01 = ((uint32_t)bias[0] << 8) + sum_1;
        uint32_t sum_3 = (uint32_t)bias[3], sum_23 = ((uint32_t)bias[2] << 8) + sum_3;
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
        const int32_t doubled[4] = {(int32_t)(sum_01 - sum_1) >> 7, (int32_t)(sum_1 << 1),
                                    (int32_t)(sum_23 - sum_3) >> 7, (int32_t)(sum_3 << 1)};
        for (int32_t i = 0; i < 4 && i < left; ++i) {
            int32_t rounding = model_dsp_rounding(twice_zero_point_and_one, scaling[1]);
            *output++ = model_dsp_requantize(doubled[i], scaling[0], rounding, scaling[1]);
            scaling += scaling_step;
        }
        bias += 4;
    }
}
