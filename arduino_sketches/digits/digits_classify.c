/* digits_classify.c: see digits_classify.h. Generated: do not edit. */
#include "digits_classify.h"

#include <math.h>
#include <string.h>

/* A fused multiply-add rounds once where Python rounds twice. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/* Real values to the model's int8 input: round half away from zero, add the zero point, clamp. The
 * clamp comes before the conversion too: a sensor that fails gives values no int32 holds. */
static void digits_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < DIGITS_INPUT_SIZE; i++) {
        float steps = x[i] / DIGITS_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + DIGITS_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}



void digits_preprocess(const float *window, int8_t *input)
{
    
    digits_quantize_input(window, input);
}

int digits_read_output(const int8_t *output, float *scores)
{
    int best = 0;
    for (int c = 0; c < DIGITS_CLASSES; c++) {
        scores[c] = (float)(output[c] - DIGITS_OUTPUT_ZERO_POINT) * DIGITS_OUTPUT_SCALE;
        best = output[c] > output[best] ? c : best;
    }
    return best;
}

int digits_classify(const float *window, float *scores)
{
    int8_t input[DIGITS_INPUT_SIZE], output[DIGITS_OUTPUT_SIZE];
    digits_preprocess(window, input);
    digits_invoke(input, output);
    return digits_read_output(output, scores);
}

const char *const digits_class_names[DIGITS_CLASSES] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
