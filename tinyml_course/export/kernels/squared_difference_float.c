/* needs: broadcast */
/* SQUARED_DIFFERENCE in float32; a smaller shape repeats. */
static void model_squared_difference_float(const model_broadcast *b, const float *input_0,
                                           const float *input_1, float *output)
{
    for (int32_t i = 0; i < b->count[0]; i++) {
        for (int32_t j = 0; j < b->count[1]; j++) {
            for (int32_t k = 0; k < b->count[2]; k++) {
                const float *x = input_0 + i * b->step_0[0] + j * b->step_0[1] + k * b->step_0[2];
                const float *y = input_1 + i * b->step_1[0] + j * b->step_1[1] + k * b->step_1[2];
                for (int32_t l = 0; l < b->count[3]; l++) {
                    *output++ = (*x - *y) * (*x - *y);
                    x += b->step_0[3];
                    y += b->step_1[3];
                }
            }
        }
    }
}
