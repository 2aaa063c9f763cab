/* The rules around a keyword network on a stream: gate, smoothing, hold-off. The same as
 * tinyml_course/features/streaming.py; a test holds that both give the same answers. */

static uint8_t model_scores[MODEL_SMOOTHING][MODEL_CLASSES];
static int32_t model_until_due, model_quiet_hops, model_place, model_has_begun;

static void model_remember(const int8_t *scores)
{
    for (int32_t k = 0; k < MODEL_CLASSES; k++) {
        /* without scores nobody speaks, for certain */
        const int32_t certain = k == MODEL_SILENCE ? 255 : 0;
        model_scores[model_place][k] = (uint8_t)(scores != 0 ? scores[k] + 128 : certain);
    }
    model_place = (model_place + 1) % MODEL_SMOOTHING;
}

void model_reset(void)
{
    model_until_due = MODEL_STRIDE;
    model_quiet_hops = model_place = 0;
    for (int32_t answer = 0; answer < MODEL_SMOOTHING; answer++) {
        model_remember(0);
    }
    model_has_begun = 1;
}

static int32_t model_gate_is_open(const int8_t *rows)
{
    for (int32_t frame = 0; frame < MODEL_FRAMES; frame++) {
        int32_t sum = 0;
        for (int32_t band = 0; band < MODEL_MELS; band++) {
            sum += *rows++;
        }
        if (sum >= MODEL_GATE_LEVEL * MODEL_MELS) {
            return 1;
        }
    }
    return 0;
}

int32_t model_is_due(const int8_t *rows)
{
    if (!model_has_begun) {
        model_reset();
    }
    if (model_quiet_hops > 0) {
        model_quiet_hops--;
    }
    if (--model_until_due > 0) {
        return 0;
    }
    model_until_due = MODEL_STRIDE;
    if (model_gate_is_open(rows)) {
        return 1;
    }
    model_remember(0);
    return 0;
}

int32_t model_decide(const int8_t *scores)
{
    static const uint8_t keywords[MODEL_KEYWORDS] = MODEL_KEYWORD_LIST;
    int32_t best = MODEL_NO_KEYWORD, best_sum = MODEL_THRESHOLD * MODEL_SMOOTHING - 1;
    model_remember(scores);
    if (model_quiet_hops > 0) {
        return MODEL_NO_KEYWORD;
    }
    for (int32_t k = 0; k < MODEL_KEYWORDS; k++) {
        int32_t sum = 0;
        for (int32_t answer = 0; answer < MODEL_SMOOTHING; answer++) {
            sum += model_scores[answer][keywords[k]];
        }
        if (sum > best_sum) {
            best = keywords[k];
            best_sum = sum;
        }
    }
    if (best != MODEL_NO_KEYWORD) {
        model_quiet_hops = MODEL_HOLD_OFF;
    }
    return best;
}
