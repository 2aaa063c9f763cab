/* needs: exp_q5 reciprocal rescale clamp_value */
/* SOFTMAX: exp(x - max) / sum, in fixed point. The difference to the greatest value becomes Q5.26;
 * differences below `difference_min` contribute nothing. */
static void model_softmax(int32_t rows, int32_t classes, int32_t multiplier, int32_t shift,
                          int32_t difference_min, const int8_t *input, int8_t *output)
{
    for (int32_t row = 0; row < rows; row++, input += classes, output += classes) {
        int32_t greatest = INT8_MIN;
        for (int32_t c = 0; c < classes; c++) {
            greatest = input[c] > greatest ? input[c] : greatest;
        }
        int32_t sum = 0; /* Q12.19 */
        for (int32_t c = 0; c < classes; c++) {
            const int32_t difference = input[c] - greatest;
            if (difference >= difference_min) {
                const int32_t exp = model_exp_q5(model_rescale(difference, multiplier, shift));
                sum += model_rounding_divide(exp, 12);
            }
        }
        int32_t headroom = 0; /* leading zeros: with them the sum is 1 + x, x in [0, 1) */
        while (((uint32_t)sum << headroom) < (1U << 31)) {
            headroom++;
        }
        const int32_t x = (int32_t)(((uint32_t)sum << headroom) - (1U << 31));
        const int32_t one_over_sum = model_reciprocal(x);
        /* in 256ths; from a sum of 512 on, every class rounds to 0 */
        const int32_t exponent = 12 - headroom + 31 - 8;
        for (int32_t c = 0; c < classes; c++) {
            const int32_t difference = input[c] - greatest;
            int32_t probability = 0;
            if (difference >= difference_min && exponent < 32) {
                const int32_t exp = model_exp_q5(model_rescale(difference, multiplier, shift));
                probability = model_rounding_divide(
                    model_doubling_high_multiply(one_over_sum, exp), exponent);
            }
            output[c] = (int8_t)model_clamp_value(probability - 128, INT8_MIN, INT8_MAX);
        }
    }
}
