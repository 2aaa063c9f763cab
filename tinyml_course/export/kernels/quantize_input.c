/* Real values to the model's int8 input: round half away from zero, add the zero point, clamp. The
 * clamp comes before the conversion too: a sensor that fails gives values no int32 holds. */
static void model_quantize_input(const float *x, int8_t *input)
{
    for (int32_t i = 0; i < MODEL_INPUT_SIZE; i++) {
        float steps = x[i] / MODEL_INPUT_SCALE;
        steps += steps < 0.0f ? -0.5f : 0.5f;
        steps = steps > -1024.0f ? steps : -1024.0f; /* NaN goes to the lowest value */
        steps = steps < 1024.0f ? steps : 1024.0f;
        const int32_t q = (int32_t)steps + MODEL_INPUT_ZERO_POINT;
        input[i] = (int8_t)(q < INT8_MIN ? INT8_MIN : q > INT8_MAX ? INT8_MAX : q);
    }
}
