/* needs: four_rows_dsp dsp_requantize quantization */
/* FULLY_CONNECTED on int8 for cores with DSP instructions, where two rows' sums could outgrow the
 * word that they share: TYPE inputs at a time, whose sums cannot, for all outputs; then the next.
 * Between them each output's sum has a word of its own. That also needs less memory for inputs
 * made wide. `bias` comes in fours. `scaling` holds multiplier and shift, once for all outputs
 * (step 0) or for each (step 2). */
MODEL_HOT
static void model_fully_connected_deep_dsp_TYPE(int32_t depth, int32_t channels,
                                                const model_quantization *q,
                                                const int32_t *weights, const int32_t *bias,
                                                const int32_t *scaling, int32_t scaling_step,
                                                const int8_t *input, int8_t *output,
                                                int16_t *scratch)
{
    const int32_t twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    const int32_t *values = (const int32_t *)(const void *)scratch;
    uint32_t *const sums = (uint32_t *)(void *)(scratch + TYPE);
    for (int32_t i = 0; i < ((channels + 3) & ~3); i++) {
        sums[i] = (uint32_t)bias[i];
    }
    while (depth > 0) {
        int32_t count = depth < TYPE ? depth : TYPE;
        depth -= count;
        count = model_widen_inputs(input, count, q->input_zero_point,
                                   (uint32_t *)(void *)scratch);
        input += count;
        for (int32_t i = 0; i < channels; i += 4) {
            uint32_t sum[4] = {0, 0, 0, 0};
            weights = model_four_rows_dsp(weights, values, count, sum);
            sums[i] += (uint32_t)((int32_t)(sum[0] - sum[1]) >> 8);
            sums[i + 1] += sum[1];
            sums[i + 2] += (uint32_t)((int32_t)(sum[2] - sum[3]) >> 8);
            sums[i + 3] += sum[3];
        }
    }
    for (int32_t i = 0; i < channels; i++, scaling += scaling_step) {
        const int32_t rounding = model_dsp_rounding(twice_zero_point_and_one, scaling[1]);
        output[i] = model_dsp_requantize((int32_t)(sums[i] << 1), scaling[0], rounding,
                                         scaling[1]);
    }
}
