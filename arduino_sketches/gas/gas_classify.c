/* gas_classify.c: see gas_classify.h. Generated: do not edit. */
#include "gas_classify.h"

#include <math.h>
#include <string.h>

/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* gas_features: a sniff against the air before it. Sums of whole counts are exact; everything behind
 * them is one float operation of the Python, in its order. */
static float gas_conductance(const float *window, int32_t first, int32_t last, int32_t channel)
{
    const float n = (float)(last - first), full_scale = 1023.0f;
    float total = 0.0f;
    for (int32_t t = first; t < last; t++) {
        total += window[t * GAS_CHANNELS + channel];
    }
    total = total < n ? n : total;
    total = total > n * (full_scale - 1.0f) ? n * (full_scale - 1.0f) : total;
    return total / (n * full_scale - total);
}

static float gas_contrast(float a, float b)
{
    return (a - b) / (a + b);
}

static void gas_gas_features(const float *window, float *features)
{
    enum { IN_AIR = 8, EARLY = 10, EARLY_END = 16, LATE = 20, ETHANOL = 1 };
    float times[GAS_CHANNELS];
    int32_t k = 2 * GAS_CHANNELS;
    for (int32_t c = 0; c < GAS_CHANNELS; c++) {
        const float air = gas_conductance(window, 0, IN_AIR, c);
        const float late = gas_conductance(window, LATE, GAS_WINDOW, c);
        const float early = gas_conductance(window, EARLY, EARLY_END, c);
        times[c] = late / air;
        features[c] = gas_contrast(late, air);
        features[GAS_CHANNELS + c] = gas_contrast(early, air);
    }
    for (int32_t c = 0; c < GAS_CHANNELS; c++) {
        if (c != ETHANOL) {
            features[k++] = gas_contrast(times[ETHANOL], times[c]);
        }
    }
}

/* standardize: (x - mean) / scale, channel by channel, in place. */
static void gas_standardize(int32_t rows, int32_t channels, const float *mean, const float *scale,
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
static void gas_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < GAS_INPUT_SIZE; i++) {
        float steps = x[i] / GAS_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + GAS_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}

static const float gas_step_1_mean[11] = {
    0.24541938f, 0.5368806f, 0.49189708f, 0.34142604f, 0.17968927f, 0.46094182f, 0.40756845f,
    0.26281843f, 0.39406097f, 0.119630456f, 0.3096852f
};
static const float gas_step_1_scale[11] = {
    0.1570961f, 0.31798843f, 0.27355203f, 0.20837858f, 0.12608895f, 0.29872665f, 0.24467401f,
    0.1762953f, 0.28055978f, 0.19947758f, 0.26507413f
};

void gas_preprocess(const float *window, int8_t *input)
{
    static float values_0[11];
    gas_gas_features(window, values_0);
    gas_standardize(1, 11, gas_step_1_mean, gas_step_1_scale, values_0);
    gas_quantize_input(values_0, input);
}

int gas_read_output(const int8_t *output, float *scores)
{
    int best = 0;
    for (int c = 0; c < GAS_CLASSES; c++) {
        scores[c] = (float)(output[c] - GAS_OUTPUT_ZERO_POINT) * GAS_OUTPUT_SCALE;
        best = output[c] > output[best] ? c : best;
    }
    return best;
}

int gas_classify(const float *window, float *scores)
{
    int8_t input[GAS_INPUT_SIZE], output[GAS_OUTPUT_SIZE];
    gas_preprocess(window, input);
    gas_invoke(input, output);
    return gas_read_output(output, scores);
}

const char *const gas_class_names[GAS_CLASSES] = {"air", "coffee", "beer", "wine", "spirit"};
