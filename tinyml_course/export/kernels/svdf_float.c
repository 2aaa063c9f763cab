/* SVDF in float32: each filter keeps its last answers to the input, weighs them over time, and
 * `rank` filters add up to an output. A limit of 3.4e38 limits nothing; where there are two, the
 * upper one comes first, and what is not a number becomes a limit. */
static void model_svdf_float(int32_t inputs, int32_t units, int32_t rank, int32_t memory,
                             float low, float high, const float *features, const float *times,
                             const float *bias, const float *input, float *state, float *output)
{
    for (int32_t unit = 0; unit < units; unit++) {
        float sum = bias[unit];
        for (int32_t r = 0; r < rank; r++) {
            float answer = 0.0f;
            for (int32_t i = 0; i < inputs; i++) {
                answer += features[i] * input[i];
            }
            for (int32_t i = 0; i < memory - 1; i++) {
                state[i] = state[i + 1];
            }
            state[memory - 1] = answer;
            float weighed = 0.0f;
            for (int32_t i = 0; i < memory; i++) {
                weighed += times[i] * state[i];
            }
            sum += weighed;
            features += inputs;
            times += memory;
            state += memory;
        }
        if (high < 3.4e38f) {
            sum = sum < high ? sum : high;
        }
        if (low > -3.4e38f) {
            sum = sum > low ? sum : low;
        }
        output[unit] = sum;
    }
}
