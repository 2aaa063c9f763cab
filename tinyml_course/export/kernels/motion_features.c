/* needs: magnitude */
/* motion_features: eight numbers that no turn of the sensor changes. Sums run from t = 0 upwards in
 * float, as in Python, so that both give the same bits. */
static void model_motion_features(const float *window, float *features)
{
    enum { W = MODEL_WINDOW, SWING = 12, FIRST_LAG = 15, LAST_LAG = 40 };
    static float m[W]; /* magnitudes, then their deviations from the mean */
    float sum = 0.0f, jerk = 0.0f, swing = 0.0f;
    for (int32_t t = 0; t < W; t++) {
        m[t] = model_magnitude(window + 3 * t);
        sum += m[t];
    }
    const float mean = sum / (float)W;
    float least = m[0], greatest = m[0];
    for (int32_t t = 1; t < W; t++) {
        least = m[t] < least ? m[t] : least;
        greatest = m[t] > greatest ? m[t] : greatest;
        jerk += fabsf(m[t] - m[t - 1]);
    }
    for (int32_t t = SWING; t < W; t++) {
        swing += fabsf(m[t] - m[t - SWING]);
    }
    sum = 0.0f;
    for (int32_t t = 0; t < W; t++) {
        m[t] -= mean;
        sum += m[t] * m[t];
    }
    const float variance = sum / (float)W;

    float axis_variance[3];
    for (int32_t c = 0; c < 3; c++) {
        sum = 0.0f;
        for (int32_t t = 0; t < W; t++) {
            sum += window[3 * t + c];
        }
        const float axis_mean = sum / (float)W;
        sum = 0.0f;
        for (int32_t t = 0; t < W; t++) {
            const float e = window[3 * t + c] - axis_mean;
            sum += e * e;
        }
        axis_variance[c] = sum / (float)W;
    }

    float repeat = -INFINITY;
    for (int32_t lag = FIRST_LAG; lag < LAST_LAG; lag++) {
        sum = 0.0f;
        for (int32_t t = lag; t < W; t++) {
            sum += m[t] * m[t - lag];
        }
        const float r = sum / (float)(W - lag);
        repeat = r > repeat ? r : repeat;
    }

    features[0] = mean;
    features[1] = sqrtf(variance);
    features[2] = least;
    features[3] = greatest;
    features[4] = jerk / (float)(W - 1);
    features[5] = swing / (float)(W - SWING);
    features[6] = sqrtf((axis_variance[0] + axis_variance[1]) + axis_variance[2]);
    features[7] = repeat / (variance + 1e-3f);
}
