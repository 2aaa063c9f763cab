/* needs: doubling_high_multiply */
/* 1 / (1 + x) for x in [0, 1), Q0.31 in and out: a line as the first guess, three Newton steps. */
static int32_t model_reciprocal(int32_t x)
{
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) >> 1); /* (1 + x) / 2 */
    const int32_t one = (int32_t)1 << 29;                                /* 1 in Q2.29 */
    int32_t y = 1515870810 + model_doubling_high_multiply(half, -1010580540); /* 48/17 - 32/17 h */
    for (int32_t step = 0; step < 3; step++) {
        const int32_t error = one - model_doubling_high_multiply(half, y);
        y += model_doubling_high_multiply(y, error) * 4;
    }
    return y >= 2 * one ? INT32_MAX : y * 2;
}
