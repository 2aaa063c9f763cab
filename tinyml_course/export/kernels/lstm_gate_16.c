/* needs: rescale_64 clamp_value */
/* What a gate of an LSTM on int16 knows: weights for the input and for the state, and a bias; the
 * factors bring both sums, of 64 bits, to steps of 1/4096. */
typedef struct {
    const int8_t *weights, *recurrent;
    const int64_t *bias;
    int32_t multiplier, shift, recurrent_multiplier, recurrent_shift;
} model_lstm_gate_int16;

/* One gate before its activation: two dense layers, each brought to 16 bits, and their sum. */
static void model_lstm_sums_int16(const model_lstm_gate_int16 *gate, int32_t inputs,
                                  int32_t units, int32_t input_zero_point,
                                  int32_t hidden_zero_point, const int16_t *input,
                                  const int16_t *hidden, int16_t *sums)
{
    for (int32_t unit = 0; unit < units; unit++) {
        const int8_t *weights = gate->weights + unit * inputs;
        int64_t sum = gate->bias[unit];
        for (int32_t i = 0; i < inputs; i++) {
            sum += weights[i] * (input[i] - input_zero_point);
        }
        const int8_t *recurrent = gate->recurrent + unit * units;
        int64_t recurrent_sum = 0;
        for (int32_t i = 0; i < units; i++) {
            recurrent_sum += recurrent[i] * (hidden[i] - hidden_zero_point);
        }
        const int32_t of_input = model_rescale_64(sum, gate->multiplier, gate->shift);
        const int32_t of_state =
            model_rescale_64(recurrent_sum, gate->recurrent_multiplier, gate->recurrent_shift);
        sums[unit] = (int16_t)model_clamp_value(
            model_clamp_value(of_input, INT16_MIN, INT16_MAX) +
                model_clamp_value(of_state, INT16_MIN, INT16_MAX),
            INT16_MIN, INT16_MAX);
    }
}
