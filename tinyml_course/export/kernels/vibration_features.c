/* needs: log2_float */
/* vibration_features: the shape of the spectrum and the rhythm of the ringing. Sums run in the order
 * of the Python, in float, so that both give the same bits. */
static void model_vibration_features(const float *hann, const float *waves, const uint16_t *edges,
                                     const uint16_t *beat_edges, const float *window,
                                     float *features)
{
    enum {
        W = MODEL_WINDOW, C = 3, LINES = W / 2, FIRST = LINES / 3, BANDS = 16,
        BEAT_BANDS = 8, BEATS = 30
    };
    const float floor = 1e-12f;
    static float level[W][C], re[C][LINES], im[C][LINES], sum_re[BEATS], sum_im[BEATS];
    for (int32_t c = 0; c < C; c++) {
        float mean = 0.0f;
        for (int32_t t = 0; t < W; t++) {
            mean += window[t * C + c];
        }
        mean /= (float)W;
        for (int32_t t = 0; t < W; t++) {
            level[t][c] = (window[t * C + c] - mean) * hann[t];
        }
    }
    for (int32_t k = 1; k < LINES; k++) { /* all axes at once: one look at the table for each */
        float re_x = 0.0f, re_y = 0.0f, re_z = 0.0f, im_x = 0.0f, im_y = 0.0f, im_z = 0.0f;
        int32_t at = 0; /* k * t, round the circle */
        for (int32_t t = 0; t < W; t++) {
            const float cosine = waves[2 * at], sine = waves[2 * at + 1];
            const float x = level[t][0], y = level[t][1], z = level[t][2];
            re_x += x * cosine;
            re_y += y * cosine;
            re_z += z * cosine;
            im_x -= x * sine;
            im_y -= y * sine;
            im_z -= z * sine;
            at += k;
            at -= at >= W ? W : 0;
        }
        re[0][k] = re_x, re[1][k] = re_y, re[2][k] = re_z;
        im[0][k] = im_x, im[1][k] = im_y, im[2][k] = im_z;
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
