/* pond_features: where each signal stands, how it moved, how it did yesterday. Each step is one float
 * operation of the Python, in its order. */
static float model_three(const float *window, int32_t at, int32_t channel)
{
    const float *x = window + at * MODEL_CHANNELS + channel;
    return (x[-MODEL_CHANNELS] + x[0] + x[MODEL_CHANNELS]) / 3.0f;
}

static void model_pond_features(const float *window, float *features)
{
    enum { LOOKS = 7, LAST = MODEL_WINDOW - 1, YESTERDAY_THEN = 126 };
    static const uint8_t back[LOOKS] = {3, 6, 12, 24, 36, 72, 142};
    for (int32_t c = 0; c < MODEL_CHANNELS; c++) {
        const float now = window[LAST * MODEL_CHANNELS + c];
        *features++ = now;
        for (int32_t k = 0; k < LOOKS; k++) {
            *features++ = now - model_three(window, LAST - back[k], c);
        }
        *features++ = model_three(window, LAST - YESTERDAY_THEN, c) -
                      model_three(window, LAST - back[LOOKS - 1], c);
    }
}
