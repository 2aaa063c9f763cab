/* pond_predict.c: see pond_predict.h. Generated: do not edit. */
#include "pond_predict.h"

#include <math.h>
#include <string.h>

/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* pond_features: where each signal stands, how it moved, how it did yesterday. Each step is one float
 * operation of the Python, in its order. */
static float pond_three(const float *window, int32_t at, int32_t channel)
{
    const float *x = window + at * POND_CHANNELS + channel;
    return (x[-POND_CHANNELS] + x[0] + x[POND_CHANNELS]) / 3.0f;
}

static void pond_pond_features(const float *window, float *features)
{
    enum { LOOKS = 7, LAST = POND_WINDOW - 1, YESTERDAY_THEN = 126 };
    static const uint8_t back[LOOKS] = {3, 6, 12, 24, 36, 72, 142};
    for (int32_t c = 0; c < POND_CHANNELS; c++) {
        const float now = window[LAST * POND_CHANNELS + c];
        *features++ = now;
        for (int32_t k = 0; k < LOOKS; k++) {
            *features++ = now - pond_three(window, LAST - back[k], c);
        }
        *features++ = pond_three(window, LAST - YESTERDAY_THEN, c) -
                      pond_three(window, LAST - back[LOOKS - 1], c);
    }
}

/* standardize: (x - mean) / scale, channel by channel, in place. */
static void pond_standardize(int32_t rows, int32_t channels, const float *mean, const float *scale,
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
static void pond_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < POND_INPUT_SIZE; i++) {
        float steps = x[i] / POND_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + POND_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}

static const float pond_step_1_mean[36] = {
    8.96616f, 0.0012087993f, 0.0021285242f, 0.005269765f, 0.009454497f, 0.010847428f,
    0.0020968118f, 0.033059113f, 0.0139035685f, 26.087912f, 0.01125627f, 0.022581873f,
    0.042817477f, 0.08188292f, 0.11035535f, 0.13606568f, 0.41772094f, 0.07853676f, 7.72782f,
    0.0038233856f, 0.004118414f, 0.0173072f, 0.041545395f, 0.051197905f, -0.055610336f,
    -0.1642075f, 0.007988317f, 0.048355807f, -0.00012642305f, -0.00025146012f, -0.0006473616f,
    -0.0015217304f, -0.0026588456f, -0.006236412f, -0.0073553114f, -0.00027522026f
};
static const float pond_step_1_scale[36] = {
    0.6669565f, 0.08141045f, 0.15571177f, 0.28563848f, 0.50333655f, 0.6792843f, 0.9233093f,
    0.2588556f, 0.35730395f, 4.0433264f, 0.19332223f, 0.3747189f, 0.7249111f, 1.3578355f,
    1.8793824f, 2.5729854f, 0.9013461f, 0.9880749f, 2.453241f, 0.3143135f, 0.6151877f,
    1.1859139f, 2.1810956f, 2.991546f, 4.1163926f, 0.8436478f, 1.5260445f, 0.04599427f,
    0.00473836f, 0.009155633f, 0.017275622f, 0.03135859f, 0.043074273f, 0.059942797f,
    0.017275829f, 0.025798174f
};

void pond_preprocess(const float *window, int8_t *input)
{
    static float values_0[36];
    pond_pond_features(window, values_0);
    pond_standardize(1, 36, pond_step_1_mean, pond_step_1_scale, values_0);
    pond_quantize_input(values_0, input);
}

const char *const pond_target_names[POND_TARGETS] = {"ph", "temperature", "oxygen", "ammonia"};
const float pond_usual_error[4] = {0.12784f, 0.34865f, 0.59796f, 0.01056f};
static const float pond_target_mean[4] = {
    0.012776949f, 0.06706267f, 0.018797144f, -0.0003825364f
};
static const float pond_target_scale[4] = {0.39340928f, 1.0466712f, 1.7240825f, 0.023338698f};
static const int16_t pond_change_of[4] = {0, 1, 2, 3};
void pond_read_output(const int8_t *output, const float *window, float *values)
{
    const float *last = window + (POND_WINDOW - 1) * POND_CHANNELS;
    for (int k = 0; k < POND_TARGETS; k++) {
        const float real = (float)(output[k] - POND_OUTPUT_ZERO_POINT) * POND_OUTPUT_SCALE;
        const float learnt = pond_target_mean[k] + pond_target_scale[k] * real;
        values[k] = learnt + (pond_change_of[k] < 0 ? 0.0f : last[pond_change_of[k]]);
    }
}

void pond_predict(const float *window, float *values)
{
    int8_t input[POND_INPUT_SIZE], output[POND_OUTPUT_SIZE];
    pond_preprocess(window, input);
    pond_invoke(input, output);
    pond_read_output(output, window, values);
}
