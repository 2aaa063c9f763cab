/* vibration_detect.c: see vibration_detect.h. Generated: do not edit. */
#include "vibration_detect.h"

#include <math.h>
#include <string.h>

/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* log2 of a positive float within 1e-6, from its bits and four terms of a series; no libm. */
static float vibration_log2(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t exponent = (int32_t)(bits >> 23) - 126;
    bits = (bits & 0x7FFFFFu) | 0x3F000000u; /* 0.5 to 1 */
    float mantissa;
    memcpy(&mantissa, &bits, sizeof mantissa);
    if (mantissa < 0.70710677f) {
        mantissa += mantissa;
        exponent--;
    }
    const float t = (mantissa - 1.0f) / (mantissa + 1.0f);
    const float s = t * t;
    float series = 0.41219858f * s + 0.57707801f;
    series = series * s + 0.96179669f;
    series = series * s + 2.8853901f;
    return (float)exponent + series * t;
}

/* vibration_features: the shape of the spectrum and the rhythm of the ringing. Sums run in the order
 * of the Python, in float, so that both give the same bits. */
static void vibration_vibration_features(const float *hann, const float *waves, const uint16_t *edges,
                                         const uint16_t *beat_edges, const float *window,
                                         float *features)
{
    enum {
        W = VIBRATION_WINDOW, C = 3, LINES = W / 2, FIRST = LINES / 3, BANDS = 16,
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
        features[b] = vibration_log2(energy + floor);
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
        features[BANDS + b] = vibration_log2((energy + floor * floor) / whole);
    }
}

/* Real values to the model's int8 input: round half away from zero, add the zero point, clamp. The
 * clamp comes before the conversion too: a sensor that fails gives values no int32 holds. */
static void vibration_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < VIBRATION_INPUT_SIZE; i++) {
        float steps = x[i] / VIBRATION_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + VIBRATION_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}

static const float vibration_step_0_hann[120] = {
    0.0f, 0.00068523263f, 0.0027390523f, 0.00615583f, 0.0109262f, 0.017037086f, 0.024471741f,
    0.033209786f, 0.04322727f, 0.05449674f, 0.0669873f, 0.08066472f, 0.095491506f, 0.11142702f,
    0.12842758f, 0.14644662f, 0.1654347f, 0.18533981f, 0.20610738f, 0.22768049f, 0.25f,
    0.27300474f, 0.29663166f, 0.32081604f, 0.3454915f, 0.37059048f, 0.39604416f, 0.42178276f,
    0.44773576f, 0.473832f, 0.5f, 0.526168f, 0.5522642f, 0.5782172f, 0.60395586f, 0.62940955f,
    0.6545085f, 0.67918396f, 0.7033683f, 0.7269952f, 0.75f, 0.7723195f, 0.7938926f, 0.8146602f,
    0.8345653f, 0.8535534f, 0.87157243f, 0.888573f, 0.9045085f, 0.9193353f, 0.9330127f,
    0.94550323f, 0.95677274f, 0.9667902f, 0.97552824f, 0.9829629f, 0.9890738f, 0.99384415f,
    0.9972609f, 0.9993148f, 1.0f, 0.9993148f, 0.9972609f, 0.99384415f, 0.9890738f, 0.9829629f,
    0.97552824f, 0.9667902f, 0.95677274f, 0.94550323f, 0.9330127f, 0.9193353f, 0.9045085f,
    0.888573f, 0.87157243f, 0.8535534f, 0.8345653f, 0.8146602f, 0.7938926f, 0.7723195f, 0.75f,
    0.7269952f, 0.7033683f, 0.67918396f, 0.6545085f, 0.62940955f, 0.60395586f, 0.5782172f,
    0.5522642f, 0.526168f, 0.5f, 0.473832f, 0.44773576f, 0.42178276f, 0.39604416f, 0.37059048f,
    0.3454915f, 0.32081604f, 0.29663166f, 0.27300474f, 0.25f, 0.22768049f, 0.20610738f,
    0.18533981f, 0.1654347f, 0.14644662f, 0.12842758f, 0.11142702f, 0.095491506f, 0.08066472f,
    0.0669873f, 0.05449674f, 0.04322727f, 0.033209786f, 0.024471741f, 0.017037086f, 0.0109262f,
    0.00615583f, 0.0027390523f, 0.00068523263f
};
static const float vibration_step_0_waves[240] = {
    1.0f, 0.0f, 0.9986295f, 0.052335955f, 0.9945219f, 0.104528464f, 0.98768836f, 0.15643446f,
    0.9781476f, 0.20791169f, 0.9659258f, 0.25881904f, 0.95105654f, 0.309017f, 0.9335804f,
    0.35836795f, 0.9135454f, 0.40673664f, 0.8910065f, 0.4539905f, 0.8660254f, 0.5f,
    0.83867055f, 0.54463905f, 0.809017f, 0.58778524f, 0.777146f, 0.6293204f, 0.7431448f,
    0.6691306f, 0.70710677f, 0.70710677f, 0.6691306f, 0.7431448f, 0.6293204f, 0.777146f,
    0.58778524f, 0.809017f, 0.54463905f, 0.83867055f, 0.5f, 0.8660254f, 0.4539905f, 0.8910065f,
    0.40673664f, 0.9135454f, 0.35836795f, 0.9335804f, 0.309017f, 0.95105654f, 0.25881904f,
    0.9659258f, 0.20791169f, 0.9781476f, 0.15643446f, 0.98768836f, 0.104528464f, 0.9945219f,
    0.052335955f, 0.9986295f, 2.8327693e-16f, 1.0f, -0.052335955f, 0.9986295f, -0.104528464f,
    0.9945219f, -0.15643446f, 0.98768836f, -0.20791169f, 0.9781476f, -0.25881904f, 0.9659258f,
    -0.309017f, 0.95105654f, -0.35836795f, 0.9335804f, -0.40673664f, 0.9135454f, -0.4539905f,
    0.8910065f, -0.5f, 0.8660254f, -0.54463905f, 0.83867055f, -0.58778524f, 0.809017f,
    -0.6293204f, 0.777146f, -0.6691306f, 0.7431448f, -0.70710677f, 0.70710677f, -0.7431448f,
    0.6691306f, -0.777146f, 0.6293204f, -0.809017f, 0.58778524f, -0.83867055f, 0.54463905f,
    -0.8660254f, 0.5f, -0.8910065f, 0.4539905f, -0.9135454f, 0.40673664f, -0.9335804f,
    0.35836795f, -0.95105654f, 0.309017f, -0.9659258f, 0.25881904f, -0.9781476f, 0.20791169f,
    -0.98768836f, 0.15643446f, -0.9945219f, 0.104528464f, -0.9986295f, 0.052335955f, -1.0f,
    5.6655387e-16f, -0.9986295f, -0.052335955f, -0.9945219f, -0.104528464f, -0.98768836f,
    -0.15643446f, -0.9781476f, -0.20791169f, -0.9659258f, -0.25881904f, -0.95105654f,
    -0.309017f, -0.9335804f, -0.35836795f, -0.9135454f, -0.40673664f, -0.8910065f, -0.4539905f,
    -0.8660254f, -0.5f, -0.83867055f, -0.54463905f, -0.809017f, -0.58778524f, -0.777146f,
    -0.6293204f, -0.7431448f, -0.6691306f, -0.70710677f, -0.70710677f, -0.6691306f,
    -0.7431448f, -0.6293204f, -0.777146f, -0.58778524f, -0.809017f, -0.54463905f, -0.83867055f,
    -0.5f, -0.8660254f, -0.4539905f, -0.8910065f, -0.40673664f, -0.9135454f, -0.35836795f,
    -0.9335804f, -0.309017f, -0.95105654f, -0.25881904f, -0.9659258f, -0.20791169f,
    -0.9781476f, -0.15643446f, -0.98768836f, -0.104528464f, -0.9945219f, -0.052335955f,
    -0.9986295f, -1.8369701e-16f, -1.0f, 0.052335955f, -0.9986295f, 0.104528464f, -0.9945219f,
    0.15643446f, -0.98768836f, 0.20791169f, -0.9781476f, 0.25881904f, -0.9659258f, 0.309017f,
    -0.95105654f, 0.35836795f, -0.9335804f, 0.40673664f, -0.9135454f, 0.4539905f, -0.8910065f,
    0.5f, -0.8660254f, 0.54463905f, -0.83867055f, 0.58778524f, -0.809017f, 0.6293204f,
    -0.777146f, 0.6691306f, -0.7431448f, 0.70710677f, -0.70710677f, 0.7431448f, -0.6691306f,
    0.777146f, -0.6293204f, 0.809017f, -0.58778524f, 0.83867055f, -0.54463905f, 0.8660254f,
    -0.5f, 0.8910065f, -0.4539905f, 0.9135454f, -0.40673664f, 0.9335804f, -0.35836795f,
    0.95105654f, -0.309017f, 0.9659258f, -0.25881904f, 0.9781476f, -0.20791169f, 0.98768836f,
    -0.15643446f, 0.9945219f, -0.104528464f, 0.9986295f, -0.052335955f
};
static const uint16_t vibration_step_0_edges[17] = {
    1, 4, 7, 10, 14, 17, 21, 24, 28, 31, 35, 39, 43, 47, 51, 56, 60
};
static const uint16_t vibration_step_0_beat_edges[9] = {1, 3, 5, 8, 11, 15, 19, 24, 30};

void vibration_features(const float *window, float *features)
{
    vibration_vibration_features(vibration_step_0_hann, vibration_step_0_waves, vibration_step_0_edges, vibration_step_0_beat_edges,
                                 window, features);
}

/* detector: how far a window strays from what the installation's healthy minute looked like. */
float vibration_score(const vibration_centre *centre, const float *features)
{
    float z[VIBRATION_FEATURES], total = 0.0f;
    int8_t input[VIBRATION_INPUT_SIZE], output[VIBRATION_OUTPUT_SIZE];
    for (int32_t f = 0; f < VIBRATION_FEATURES; f++) {
        z[f] = (features[f] - centre->mean[f]) / centre->scale[f];
    }
    vibration_quantize_input(z, input);
    vibration_invoke(input, output);
    for (int32_t f = 0; f < VIBRATION_FEATURES; f++) {
        const float rebuilt = (float)(output[f] - VIBRATION_OUTPUT_ZERO_POINT) * VIBRATION_OUTPUT_SCALE;
        const float left = z[f] - rebuilt;
        total += left * left;
    }
    return vibration_log2(total / (float)VIBRATION_FEATURES + 1e-6f);
}

float vibration_deviation(const vibration_centre *centre, const float *features)
{
    return (vibration_score(centre, features) - centre->level) / centre->spread;
}

void vibration_commission(const float *features, int32_t count, vibration_centre *centre)
{
    for (int32_t f = 0; f < VIBRATION_FEATURES; f++) {
        float total = 0.0f;
        for (int32_t n = 0; n < count; n++) {
            total += features[n * VIBRATION_FEATURES + f];
        }
        const float mean = total / (float)count;
        total = 0.0f;
        for (int32_t n = 0; n < count; n++) {
            const float away = features[n * VIBRATION_FEATURES + f] - mean;
            total += away * away;
        }
        const float scale = sqrtf(total / (float)count);
        centre->mean[f] = mean;
        centre->scale[f] = scale > 0.05f ? scale : 0.05f;
    }
    static float scores[VIBRATION_COMMISSIONING];
    float total = 0.0f;
    for (int32_t n = 0; n < count; n++) {
        scores[n] = vibration_score(centre, features + n * VIBRATION_FEATURES);
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

float vibration_median(const float *values, int32_t count)
{
    float sorted[VIBRATION_MEDIAN_OF];
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
