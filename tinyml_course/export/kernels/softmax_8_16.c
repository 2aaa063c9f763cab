/* needs: exp_q5 reciprocal rescale clamp_value */
/* SOFTMAX from int8 to int16: exp(x - max) / sum, in fixed point. The difference to the greatest
 * value becomes Q5.26; differences below `difference_min` contribute nothing. */
static void model_softmax_8_16(int32_t rows, int32_t classes, int32_t multiplier, int32_t shift,
                               int32_t difference_min, const int8_t *input, int16_t *output)
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
        for (int32_t c = 0; c < classes; c++) {
            const int32_t difference = input[c] - greatest;
            int32_t probability = 0; /* in 65536ths */
            if (difference >= difference_min) {
                const int32_t exp = model_exp_q5(model_rescale(difference, multiplier, shift));
                probability = model_rounding_divide(
                    model_doubling_high_multiply(one_over_sum, exp), 12 - headroom + 31 - 16);
            }
            output[c] = (int16_t)model_clamp_value(probability - 32768, INT16_MIN, INT16_MAX);
        }
    }
}
