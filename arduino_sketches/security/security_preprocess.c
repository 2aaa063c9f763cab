/* security_preprocess.c: see security_preprocess.h. Generated: do not edit. */
#include "security_preprocess.h"

#define SECURITY_INPUT_SIZE 8
#define SECURITY_INPUT_SCALE 0.026928293f
#define SECURITY_INPUT_ZERO_POINT (-69)

#include <math.h>
#include <string.h>

/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* The length of one acceleration: sqrt((ax*ax + ay*ay) + az*az), each operation rounded to float. */
static float security_magnitude(const float *a)
{
    return sqrtf((a[0] * a[0] + a[1] * a[1]) + a[2] * a[2]);
}

/* motion_features: eight numbers that no turn of the sensor changes. Sums run from t = 0 upwards in
 * float, as in Python, so that both give the same bits. */
static void security_motion_features(const float *window, float *features)
{
    enum { W = SECURITY_WINDOW, SWING = 12, FIRST_LAG = 15, LAST_LAG = 40 };
    static float m[W]; /* magnitudes, then their deviations from the mean */
    float sum = 0.0f, jerk = 0.0f, swing = 0.0f;
    for (int32_t t = 0; t < W; t++) {
        m[t] = security_magnitude(window + 3 * t);
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

/* standardize: (x - mean) / scale, channel by channel, in place. */
static void security_standardize(int32_t rows, int32_t channels, const float *mean, const float *scale,
                                 float *x)
{
    for (int32_t row = 0; row < rows; row++) {
        for (int32_t c = 0; c < channels; c++, x++) {
            *x = (*x - mean[c]) / scale[c];
        }
    }
}

/* Real values to the model's int8 input: round half away from zero, add the zero point, clamp. The
 * clamp comes before the conversion too: a sensor that fails gives values no int32 holds. */
static void security_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < SECURITY_INPUT_SIZE; i++) {
        float steps = x[i] / SECURITY_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + SECURITY_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}

static const float security_step_1_mean[8] = {
    1.1311406f, 0.34123868f, 0.58343875f, 1.7910421f, 0.115411945f, 0.48282996f, 0.48176813f,
    0.5597197f
};
static const float security_step_1_scale[8] = {
    0.25508273f, 0.33262572f, 0.3505524f, 0.78987336f, 0.11740094f, 0.4697113f, 0.47984624f,
    0.40832877f
};

void security_preprocess(const float *window, int8_t *input)
{
    static float values_0[8];
    security_motion_features(window, values_0);
    security_standardize(1, 8, security_step_1_mean, security_step_1_scale, values_0);
    security_quantize_input(values_0, input);
}
