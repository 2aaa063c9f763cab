/* needs: log2_float quantize_input */
/* detector: how far a window strays from what the installation's healthy minute looked like. */
float model_score(const model_centre *centre, const float *features)
{
    float z[MODEL_FEATURES], total = 0.0f;
    int8_t input[MODEL_INPUT_SIZE], output[MODEL_OUTPUT_SIZE];
    for (int32_t f = 0; f < MODEL_FEATURES; f++) {
        z[f] = (features[f] - centre->mean[f]) / centre->scale[f];
    }
    model_quantize_input(z, input);
    model_invoke(input, output);
    for (int32_t f = 0; f < MODEL_FEATURES; f++) {
        const float rebuilt = (float)(output[f] - MODEL_OUTPUT_ZERO_POINT) * MODEL_OUTPUT_SCALE;
        const float left = z[f] - rebuilt;
        total += left * left;
    }
    return model_log2(total / (float)MODEL_FEATURES + 1e-6f);
}

float model_deviation(const model_centre *centre, const float *features)
{
    return (model_score(centre, features) - centre->level) / centre->spread;
}

void model_commission(const float *features, int32_t count, model_centre *centre)
{
    for (int32_t f = 0; f < MODEL_FEATURES; f++) {
        float total = 0.0f;
        for (int32_t n = 0; n < count; n++) {
            total += features[n * MODEL_FEATURES + f];
        }
        const float mean = total / (float)count;
        total = 0.0f;
        for (int32_t n = 0; n < count; n++) {
            const float away = features[n * MODEL_FEATURES + f] - mean;
            total += away * away;
        }
        const float scale = sqrtf(total / (float)count);
        centre->mean[f] = mean;
        centre->scale[f] = scale > 0.05f ? scale : 0.05f;
    }
    static float scores[MODEL_COMMISSIONING];
    float total = 0.0f;
    for (int32_t n = 0; n < count; n++) {
        scores[n] = model_score(centre, features + n * MODEL_FEATURES);
        total += scores[n];
    }
    const float level = total / (float)count;
    total = 0.0f;
    for (int32_t n = 0; n < count; n++) {
        const float away = scores[n] - level;
        total += away * away;
    }
    const float spread = sqrtf(total / (float)count);
    centre->level = level;
    centre->spread = spread > 0.05f ? spread : 0.05f;
}

float model_median(const float *values, int32_t count)
{
    float sorted[MODEL_MEDIAN_OF];
    for (int32_t n = 0; n < count; n++) {
        int32_t at = n;
        while (at > 0 && sorted[at - 1] > values[n]) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = values[n];
    }
    return sorted[count / 2];
}
