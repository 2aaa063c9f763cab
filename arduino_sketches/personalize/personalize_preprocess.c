/* personalize_preprocess.c: see personalize_preprocess.h. Generated: do not edit. */
#include "personalize_preprocess.h"

#define PERSONALIZE_INPUT_SIZE 6
#define PERSONALIZE_INPUT_SCALE 0.026289007f
#define PERSONALIZE_INPUT_ZERO_POINT (-20)

#include <math.h>
#include <string.h>

/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* axis_features: the mean of each axis, then how far it strays. Sums run from t = 0 upwards in float,
 * as in Python, so that both give the same bits. */
static void personalize_axis_features(const float *window, float *features)
{
    for (int32_t c = 0; c < 3; c++) {
        float sum = 0.0f;
        for (int32_t t = 0; t < PERSONALIZE_WINDOW; t++) {
            sum += window[3 * t + c];
        }
        const float mean = sum / (float)PERSONALIZE_WINDOW;
        sum = 0.0f;
        for (int32_t t = 0; t < PERSONALIZE_WINDOW; t++) {
            const float away = window[3 * t + c] - mean;
            sum += away * away;
        }
        features[c] = mean;
        features[3 + c] = sqrtf(sum / (float)PERSONALIZE_WINDOW);
    }
}

/* standardize: (x - mean) / scale, channel by channel, in place. */
static void personalize_standardize(int32_t rows, int32_t channels, const float *mean, const float *scale,
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
static void personalize_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < PERSONALIZE_INPUT_SIZE; i++) {
        float steps = x[i] / PERSONALIZE_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + PERSONALIZE_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}

static const float personalize_step_1_mean[6] = {
    -0.025506275f, -0.03910532f, 0.6548103f, 0.116268575f, 0.08851465f, 0.36360875f
};
static const float personalize_step_1_scale[6] = {
    0.3204199f, 0.3606488f, 0.5945761f, 0.09596158f, 0.07628656f, 0.36934295f
};

void personalize_preprocess(const float *window, int8_t *input)
{
    static float values_0[6];
    personalize_axis_features(window, values_0);
    personalize_standardize(1, 6, personalize_step_1_mean, personalize_step_1_scale, values_0);
    personalize_quantize_input(values_0, input);
}
