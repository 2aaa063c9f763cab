/* needs: magnitude */
/* add_magnitude: the magnitude of each sample as its fourth channel. */
static void model_add_magnitude(const float *window, float *output)
{
    for (int32_t t = 0; t < MODEL_WINDOW; t++) {
        output[4 * t] = window[3 * t];
        output[4 * t + 1] = window[3 * t + 1];
        output[4 * t + 2] = window[3 * t + 2];
        output[4 * t + 3] = model_magnitude(window + 3 * t);
    }
}
