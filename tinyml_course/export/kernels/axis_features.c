/* axis_features: the mean of each axis, then how far it strays. Sums run from t = 0 upwards in float,
 * as in Python, so that both give the same bits. */
static void model_axis_features(const float *window, float *features)
{
    for (int32_t c = 0; c < 3; c++) {
        float sum = 0.0f;
        for (int32_t t = 0; t < MODEL_WINDOW; t++) {
            sum += window[3 * t + c];
        }
        const float mean = sum / (float)MODEL_WINDOW;
        sum = 0.0f;
        for (int32_t t = 0; t < MODEL_WINDOW; t++) {
            const float away = window[3 * t + c] - mean;
            sum += away * away;
        }
        features[c] = mean;
        features[3 + c] = sqrtf(sum / (float)MODEL_WINDOW);
    }
}
