/* needs: doubling_high_multiply rounding_divide */
/* exp(x) for x <= 0 without floating point: Q5.26 in, Q0.31 out. A polynomial of degree four
 * serves the last quarter, each larger power of two in -x has its own factor. */
static int32_t model_exp_q5(int32_t x)
{
    static const int32_t factors[7] = { /* exp(-1/4), exp(-1/2), exp(-1) ... exp(-16) */
        1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242
    };
    const int32_t quarter = (int32_t)1 << 24;
    const int32_t in_quarter = (x & (quarter - 1)) - quarter;
    const int32_t remainder = in_quarter - x;
    const int32_t y = in_quarter * 32 + (1 << 28); /* around -1/8, in Q0.31 */
    const int32_t y2 = model_doubling_high_multiply(y, y);
    const int32_t y3 = model_doubling_high_multiply(y2, y);
    const int32_t y4_over_4 = model_rounding_divide(model_doubling_high_multiply(y2, y2), 2);
    const int32_t one_third = 715827883;
    const int32_t exp_of_minus_eighth = 1895147668;
    const int32_t tail = model_rounding_divide(
        model_doubling_high_multiply(y4_over_4 + y3, one_third) + y2, 1);
    int32_t result =
        exp_of_minus_eighth + model_doubling_high_multiply(exp_of_minus_eighth, y + tail);
    for (int32_t k = 0; k < 7; k++) {
        if (remainder & (int32_t)(1U << (24 + k))) {
            result = model_doubling_high_multiply(result, factors[k]);
        }
    }
    return x == 0 ? INT32_MAX : result;
}
