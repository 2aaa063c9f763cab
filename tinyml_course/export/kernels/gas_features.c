/* gas_features: a sniff against the air before it. Sums of whole counts are exact; everything behind
 * them is one float operation of the Python, in its order. */
static float model_conductance(const float *window, int32_t first, int32_t last, int32_t channel)
{
    const float n = (float)(last - first), full_scale = 1023.0f;
    float total = 0.0f;
    for (int32_t t = first; t < last; t++) {
        total += window[t * MODEL_CHANNELS + channel];
    }
    total = total < n ? n : total;
    total = total > n * (full_scale - 1.0f) ? n * (full_scale - 1.0f) : total;
    return total / (n * full_scale - total);
}

static float model_contrast(float a, float b)
{
    return (a - b) / (a + b);
}

static void model_gas_features(const float *window, float *features)
{
    enum { IN_AIR = 8, EARLY = 10, EARLY_END = 16, LATE = 20, ETHANOL = 1 };
    float times[MODEL_CHANNELS];
    int32_t k = 2 * MODEL_CHANNELS;
    for (int32_t c = 0; c < MODEL_CHANNELS; c++) {
        const float air = model_conductance(window, 0, IN_AIR, c);
        const float late = model_conductance(window, LATE, MODEL_WINDOW, c);
        const float early = model_conductance(window, EARLY, EARLY_END, c);
        times[c] = late / air;
        features[c] = model_contrast(late, air);
        features[MODEL_CHANNELS + c] = model_contrast(early, air);
    }
    for (int32_t c = 0; c < MODEL_CHANNELS; c++) {
        if (c != ETHANOL) {
            features[k++] = model_contrast(times[ETHANOL], times[c]);
        }
    }
}
