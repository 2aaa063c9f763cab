/* needs: log2_float */
/* vibration_features: the shape of the spectrum and the rhythm of the ringing. Sums run in the order
 * of the Python, in float, so that both give the same bits. */
static void model_vibration_features(const float *hann, const float *waves, const uint16_t *edges,
                                     const uint16_t *beat_edges, const float *window,
                                     float *features)
{
    enum {
        W = MODEL_WINDOW, C = MODEL_CHANNELS, LINES = W / 2, FIRST = LINES / 3, BANDS = 16,
        BEAT_BANDS = 8, BEATS = 30
    };
    const float floor = 1e-12f;
    static float re[C][LINES], im[C][LINES], sum_re[BEATS], sum_im[BEATS];
    for (int32_t c = 0; c < C; c++) {
        float mean = 0.0f;
        for (int32_t t = 0; t < W; t++) {
            mean += window[t * C + c];
        }
        mean /= (float)W;
        memset(re[c], 0, sizeof re[c]);
        memset(im[c], 0, sizeof im[c]);
        for (int32_t t = 0; t < W; t++) {
            const float value = (window[t * C + c] - mean) * hann[t];
            int32_t at = t; /* k * t, round the circle */
            for (int32_t k = 1; k < LINES; k++) {
                re[c][k] += value * waves[2 * at];
                im[c][k] -= value * waves[2 * at + 1];
                at += t;
                at -= at >= W ? W : 0;
            }
        }
    }

    float middle = 0.0f;
    for (int32_t b = 0; b < BANDS; b++) {
        float energy = 0.0f;
        for (int32_t k = edges[b]; k < edges[b + 1]; k++) {
            float power = 0.0f;
            for (int32_t c = 0; c < C; c++) {
                power += re[c][k] * re[c][k] + im[c][k] * im[c][k];
            }
            energy += power;
        }
        features[b] = model_log2(energy + floor);
        middle += features[b];
    }
    middle /= (float)BANDS;
    for (int32_t b = 0; b < BANDS; b++) {
        features[b] -= middle;
    }

    memset(sum_re, 0, sizeof sum_re);
    memset(sum_im, 0, sizeof sum_im);
    for (int32_t k = FIRST; k < LINES; k++) {
        for (int32_t c = 0; c < C; c++) {
            const float p = re[c][k], q = im[c][k];
            for (int32_t m = 0; m < BEATS && k + m < LINES; m++) {
                const float a = re[c][k + m], b = im[c][k + m];
                sum_re[m] += a * p + b * q;
                sum_im[m] += b * p - a * q;
            }
        }
    }
    const float whole = sum_re[0] * sum_re[0] + sum_im[0] * sum_im[0] + floor * floor;
    for (int32_t b = 0; b < BEAT_BANDS; b++) {
        float energy = 0.0f;
        for (int32_t m = beat_edges[b]; m < beat_edges[b + 1]; m++) {
            energy += sum_re[m] * sum_re[m] + sum_im[m] * sum_im[m];
        }
        features[BANDS + b] = model_log2((energy + floor * floor) / whole);
    }
}
