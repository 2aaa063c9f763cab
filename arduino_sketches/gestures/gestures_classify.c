/* gestures_classify.c: see gestures_classify.h. Generated: do not edit. */
#include "gestures_classify.h"

#include <math.h>
#include <string.h>

/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* standardize: (x - mean) / scale, channel by channel, in place. */
static void gestures_standardize(int32_t rows, int32_t channels, const float *mean, const float *scale,
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
static void gestures_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < GESTURES_INPUT_SIZE; i++) {
        float steps = x[i] / GESTURES_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + GESTURES_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}

static const float gestures_step_0_mean[6] = {
    -0.048915487f, -0.056164037f, 0.91679436f, -0.72102726f, 1.221775f, -1.5100766f
};
static const float gestures_step_0_scale[6] = {
    0.6181001f, 0.26450998f, 0.32908666f, 53.27082f, 80.71608f, 65.184364f
};

void gestures_preprocess(const float *window, int8_t *input)
{
    static float values_0[600];
    memcpy(values_0, window, 600 * sizeof(float));
    gestures_standardize(100, 6, gestures_step_0_mean, gestures_step_0_scale, values_0);
    gestures_quantize_input(values_0, input);
}

int gestures_read_output(const int8_t *output, float *scores)
{
    int best = 0;
    for (int c = 0; c < GESTURES_CLASSES; c++) {
        scores[c] = (float)(output[c] - GESTURES_OUTPUT_ZERO_POINT) * GESTURES_OUTPUT_SCALE;
        best = output[c] > output[best] ? c : best;
    }
    return best;
}

int gestures_classify(const float *window, float *scores)
{
    int8_t input[GESTURES_INPUT_SIZE], output[GESTURES_OUTPUT_SIZE];
    gestures_preprocess(window, input);
    gestures_invoke(input, output);
    return gestures_read_output(output, scores);
}

const char *const gestures_class_names[GESTURES_CLASSES] = {"rest", "left", "right", "circle", "shake", "twist"};
