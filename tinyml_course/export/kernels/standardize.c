/* standardize: (x - mean) / scale, channel by channel, in place. */
static void model_standardize(int32_t rows, int32_t channels, const float *mean, const float *scale,
                              float *x)
{
    for (int32_t row = 0; row < rows; row++) {
        for (int32_t c = 0; c < channels; c++, x++) {
            *x = (*x - mean[c]) / scale[c];
        }
    }
}
