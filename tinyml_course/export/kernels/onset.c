/* The energy of a movement, and when a gesture begins. The same as tinyml_course/features/onset.py,
 * operation by operation; a test holds that both say the same at every sample. */
static const float model_weights[MODEL_CHANNELS] = MODEL_WEIGHTS;
static float model_mean[MODEL_CHANNELS];
static int32_t model_loud, model_quiet, model_missing, model_is_waiting, model_has_begun;

void model_reset(void)
{
    model_has_begun = model_loud = model_quiet = model_missing = model_is_waiting = 0;
}

int32_t model_push(const float *sample)
{
    float energy = 0.0f;
    if (!model_has_begun) {
        memcpy(model_mean, sample, sizeof model_mean);
        model_has_begun = 1;
    }
    for (int32_t c = 0; c < MODEL_CHANNELS; c++) {
        const float away = sample[c] - model_mean[c];
        const float weighted = away * model_weights[c];
        model_mean[c] = model_mean[c] + away * MODEL_FOLLOW;
        energy = energy + weighted * weighted;
    }
    if (energy > MODEL_FLOOR) {
        model_loud++;
        model_quiet = 0;
    } else {
        model_loud = 0;
        model_quiet++;
    }
    if (model_missing > 0) {
        model_missing--;
        return model_missing == 0 ? MODEL_COMPLETE : MODEL_NOTHING;
    }
    if (model_quiet >= MODEL_QUIET) {
        model_is_waiting = 0;
    }
    if (!model_is_waiting && model_loud >= MODEL_CONFIRM) {
        model_is_waiting = 1;
        model_missing = MODEL_AFTER;
        return MODEL_BEGUN;
    }
    return MODEL_NOTHING;
}
