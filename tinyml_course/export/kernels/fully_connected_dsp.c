/* needs: four_rows_dsp dsp_requantize quantization */
/* FULLY_CONNECTED on int8 for cores with DSP instructions: four outputs at a time. `begin` holds
 * where the sums begin, made from the biases. `scaling` holds multiplier and shift, once for all
 * outputs (step 0) or for each (step 2). */
MODEL_HOT
static void model_fully_connected_dsp(int32_t depth, int32_t channels, const model_quantization *q,
                                      const int32_t *weights, const int32_t *begin,
                                      const int32_t *scaling, int32_t scaling_step,
                                      const int8_t *input, int8_t *output, int16_t *scratch)
{
    const int32_t twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    const int32_t *values = (const int32_t *)(const void *)scratch;
    depth = model_widen_inputs(input, depth, q->input_zero_point, (uint32_t *)(void *)scratch);
    while (channels > 0) {
        uint32_t sum[4];
        model_next_two(&begin, &sum[0], &sum[1]);
        model_next_two(&begin, &sum[2], &sum[3]);
        weights = model_four_rows_dsp(weights, values, depth, sum);
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
        MODEL_STORE(0, (int32_t)(sum[0] - sum[1]) >> 7);
        MODEL_STORE(1, sum[1] << 1);
        MODEL_STORE(2, (int32_t)(sum[2] - sum[3]) >> 7);
        MODEL_STORE(3, sum[3] << 1);
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
