/* needs: rescale clamp_value svdf_sizes */
/* SVDF: each filter keeps its last answers to the input, weighs them over time, and `rank` filters
 * add up to an output. Sums of large products leave 32 bits and wrap, as in TFLM; they are counted
 * without a sign, because what a sum with a sign does there C leaves open. */
static void model_svdf_TYPE(const model_svdf *p, const int8_t *features, const element_t *times,
                            const int32_t *bias, const int8_t *input, element_t *state,
                            int8_t *output)
{
    const int32_t newest = p->memory - 1;
    for (int32_t unit = 0; unit < p->units; unit++) {
        uint32_t sum = (uint32_t)bias[unit];
        for (int32_t r = 0; r < p->rank; r++) {
            int32_t answer = 0;
            for (int32_t i = 0; i < p->inputs; i++) {
                answer += features[i] * (input[i] - p->input_zero_point);
            }
            answer = model_rescale(answer, p->state_multiplier, p->state_shift);
            answer = model_clamp_value(answer, p->state_min, p->state_max) + p->state_zero_point;
            for (int32_t i = 0; i < newest; i++) {
                state[i] = state[i + 1];
            }
            state[newest] = (element_t)answer;
            for (int32_t i = 0; i < p->memory; i++) {
                sum += (uint32_t)(times[i] * (state[i] - p->state_zero_point));
            }
            features += p->inputs;
            times += p->memory;
            state += p->memory;
        }
        const int32_t y = model_rescale((int32_t)sum, p->output_multiplier, p->output_shift);
        output[unit] = (int8_t)model_clamp_value(y + p->output_zero_point, INT8_MIN, INT8_MAX);
    }
}
