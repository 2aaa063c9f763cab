/* needs: rescale clamp_value table_513 softmax_tables */
/* SOFTMAX on int16: exp() and the division come from tables. */
static void model_softmax_16(int32_t rows, int32_t classes, int32_t multiplier, int32_t shift,
                             const int16_t *input, int16_t *output)
{
    for (int32_t row = 0; row < rows; row++, input += classes, output += classes) {
        int32_t greatest = INT16_MIN;
        for (int32_t c = 0; c < classes; c++) {
            greatest = input[c] > greatest ? input[c] : greatest;
        }
        int32_t sum = 0; /* Q16.15; the outputs hold the exponentials meanwhile */
        for (int32_t c = 0; c < classes; c++) {
            const int32_t x = model_rescale(input[c] - greatest, multiplier, shift) + INT16_MAX;
            output[c] = (int16_t)model_table_513(
                model_exp_table, model_clamp_value(x, INT16_MIN, INT16_MAX));
            sum += output[c];
        }
        int32_t headroom = 0; /* leading zeros */
        while (((uint32_t)sum << headroom) < (1U << 31)) {
            headroom++;
        }
        const int32_t shifted = (int32_t)((((int64_t)sum << (headroom - 1)) + (1 << 13)) >> 14);
        const int32_t place =
            model_clamp_value(shifted - (1 << 15) - (1 << 16), INT16_MIN, INT16_MAX);
        const int32_t one_over_sum = model_table_513(model_reciprocal_table, place);
        const int32_t right = 31 - headroom;
        for (int32_t c = 0; c < classes; c++) {
            const int64_t product = (int64_t)output[c] * one_over_sum;
            const int32_t y = (int32_t)((product + ((int64_t)1 << (right - 1))) >> right);
            output[c] = (int16_t)model_clamp_value(y, 0, INT16_MAX);
        }
    }
}
