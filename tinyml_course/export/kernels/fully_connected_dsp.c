/* needs: dsp_requantize quantization */
/* FULLY_CONNECTED on int8 for cores with DSP instructions: four outputs at a time, two rows of
 * weights in a halfword as in conv_2d_dsp.c; 31 instructions for 32 products in the inner loop.
 * `begin` holds where the sums begin, made from the biases. `scaling` holds multiplier and shift,
 * once for all outputs (step 0) or for each (step 2). */
MODEL_HOT
static void model_fully_connected_dsp(int32_t depth, int32_t channels, const model_quantization *q,
                                      const int32_t *weights, const int32_t *begin,
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
        for (int32_t i = 0; i < depth - k; i++) {
            value[i] = (uint32_t)(input[k + i] - q->input_zero_point) & 0xffffu;
        }
        wide[0] = value[0] | value[1] << 16;
        wide[1] = value[2] | value[3] << 16;
        depth = k + 4;
    }
    while (channels > 0) {
        const int32_t *values = (const int32_t *)(const void *)scratch;
        const int32_t *end = weights + (depth & ~7);
        uint32_t sum_01, sum_1, sum_23, sum_3;
        model_next_two(&begin, &sum_01, &sum_1);
        model_next_two(&begin, &sum_23, &sum_3);
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
        int8_t result[4];
/* A number of four, and its doubled sum. */
#define MODEL_STORE(number, doubled) \
    do { \
        int32_t shift = scaling[1]; \
        int32_t rounding = model_dsp_rounding(twice_zero_point_and_one, shift); \
        result[number] = \
            model_dsp_requantize((int32_t)(doubled), scaling[0], rounding, shift); \
        scaling += scaling_step; \
    } while (0)
        MODEL_STORE(0, (int32_t)(sum_01 - sum_1) >> 7);
        MODEL_STORE(1, sum_1 << 1);
        MODEL_STORE(2, (int32_t)(sum_23 - sum_3) >> 7);
        MODEL_STORE(3, sum_3 << 1);
#undef MODEL_STORE
        if (channels >= 4) {
            MODEL_COPY_WORD(output, result);
        } else {
            for (int32_t i = 0; i < channels; i++) {
                output[i] = result[i];
            }
        }
        output += 4;
        channels -= 4;
    }
}
