/* A last layer that learns, in whole numbers: the same as tinyml_course/on_device/, in the same
 * order, so that the weights are equal in every bit. Sums are exact in 64 bits; a right shift of a
 * negative number rounds down, as every compiler for these boards has it. */

static int32_t model_above_zero(int8_t feature)
{
    return feature - MODEL_ZERO_POINT;
}

/* exp(-d), with 16 fraction bits. The power of two is cut in two: its whole part is a shift, its
 * fraction is looked up. */
static uint32_t model_exp_negative(int64_t d)
{
    const int64_t power = (d * MODEL_LOG2_E) >> MODEL_FRACTION_BITS;
    const int64_t whole = power >> 16;
    const uint32_t fraction = (uint32_t)(power & 0xFFFF);
    const uint32_t index = fraction >> 10, between = fraction & 0x3FF;
    const uint32_t fall = model_exp_table[index] - model_exp_table[index + 1];
    const uint32_t value = model_exp_table[index] - ((fall * between) >> 10);
    return value >> (whole < 31 ? (uint32_t)whole : 31u);
}

static void model_logits(const model_state_t *state, const int8_t *features,
                         int64_t *logits)
{
    for (int c = 0; c < MODEL_CLASSES; c++) {
        int64_t sum = 0;
        for (int f = 0; f < MODEL_FEATURES; f++) {
            sum += (int64_t)state->weights[c][f] * model_above_zero(features[f]);
        }
        logits[c] = (sum >> 7) + state->bias[c];
    }
}

static int model_greatest(const int64_t *logits)
{
    int best = 0;
    for (int c = 1; c < MODEL_CLASSES; c++) {
        best = logits[c] > logits[best] ? c : best;
    }
    return best;
}

int model_predict(const model_state_t *state, const int8_t *features)
{
    int64_t logits[MODEL_CLASSES];
    model_logits(state, features, logits);
    return model_greatest(logits);
}

void model_probabilities(const model_state_t *state, const int8_t *features,
                         uint16_t *of_32768)
{
    int64_t logits[MODEL_CLASSES];
    uint32_t powers[MODEL_CLASSES], sum = 0;
    model_logits(state, features, logits);
    const int64_t greatest = logits[model_greatest(logits)];
    for (int c = 0; c < MODEL_CLASSES; c++) {
        powers[c] = model_exp_negative(greatest - logits[c]);
        sum += powers[c];
    }
    for (int c = 0; c < MODEL_CLASSES; c++) {
        of_32768[c] = (uint16_t)((powers[c] << 15) / sum);
    }
}

/* A weight less its slope: rounded to the grid, and kept within 32 bits. */
static int32_t model_moved(int32_t weight, int32_t slope)
{
    const int32_t shift = 30 - MODEL_FRACTION_BITS;
    const int32_t step = (slope + (1 << (shift - 1))) >> shift;
    const int64_t moved = (int64_t)weight - step;
    return (int32_t)(moved < INT32_MIN ? INT32_MIN : moved > INT32_MAX ? INT32_MAX : moved);
}

void model_step(model_state_t *state, const int8_t *features, int label)
{
    uint16_t probabilities[MODEL_CLASSES];
    model_probabilities(state, features, probabilities);
    for (int c = 0; c < MODEL_CLASSES; c++) {
        /* how wrong, times the rate: at most 2^15 * 2^8, and a feature at most 2^8 less one step */
        const int32_t slope = (probabilities[c] - (c == label ? 32768 : 0)) * MODEL_RATE_256;
        for (int f = 0; f < MODEL_FEATURES; f++) {
            const int32_t of_feature = slope * model_above_zero(features[f]);
            state->weights[c][f] = model_moved(state->weights[c][f], of_feature);
        }
        state->bias[c] = model_moved(state->bias[c], slope * 128);
    }
}

void model_learn(model_state_t *state, const int8_t *features, int label)
{
    const int slot = state->seen[label] % MODEL_RECENT;
    memcpy(state->recent[label][slot], features, MODEL_FEATURES);
    state->seen[label] = (uint16_t)(state->seen[label] + (state->seen[label] < UINT16_MAX));
    for (int pass = 0; pass < MODEL_PASSES; pass++) {
        for (int k = 0; k < MODEL_RECENT || k < MODEL_OLD; k++) {
            for (int c = 0; c < MODEL_CLASSES; c++) {
                if (k < MODEL_RECENT && k < state->seen[c]) {
                    model_step(state, state->recent[c][k], c);
                }
#if MODEL_OLD > 0
                if (k < MODEL_OLD) {
                    model_step(state, model_old[c][k], c);
                }
#endif
            }
        }
    }
}

void model_forget(model_state_t *state)
{
    memset(state, 0, sizeof *state);
    memcpy(state->weights, model_first_weights, sizeof state->weights);
    memcpy(state->bias, model_first_bias, sizeof state->bias);
}
