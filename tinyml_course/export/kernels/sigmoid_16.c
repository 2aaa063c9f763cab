/* needs: sigmoid_table */
/* LOGISTIC and TANH on int16: linear between the entries of a table, mirrored below zero.
 * `step` is 9 for LOGISTIC and 8 for TANH, because tanh(x) = 2 * logistic(2 * x) - 1. */
static void model_sigmoid_16(int32_t count, int32_t multiplier, int32_t shift, int32_t step,
                             const int16_t *input, int16_t *output)
{
    const int32_t is_tanh = step == 8;
    for (int32_t i = 0; i < count; i++) {
        const int32_t x = (input[i] * multiplier + ((1 << shift) >> 1)) >> shift;
        const int32_t magnitude = x < 0 ? -x : x;
        const int32_t place = magnitude >> step;
        int32_t y = is_tanh ? 0xFFFF << 8 : 0x7FFF << 10;
        if (place < 255) {
            const int32_t here = model_sigmoid_table[place];
            const int32_t rest = magnitude & ((1 << step) - 1);
            y = here * (1 << step) + rest * (model_sigmoid_table[place + 1] - here);
        }
        if (is_tanh) {
            y -= 1 << 23;
            y = (x >= 0 ? y + (1 << 7) : -y + (1 << 7) - 1) >> 8;
        } else {
            y = (x >= 0 ? y + (1 << 9) : (1 << 25) - y + (1 << 9) - 1) >> 10;
        }
        output[i] = (int16_t)y;
    }
}
