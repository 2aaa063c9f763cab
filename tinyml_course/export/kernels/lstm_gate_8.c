/* needs: rescale clamp_value */
/* What a gate of an LSTM knows: weights for the input and for the state, and a bias; the factors
 * bring both sums to steps of 1/4096. */
typedef struct {
    const int8_t *weights, *recurrent;
    const int32_t *bias;
    int32_t multiplier, shift, recurrent_multiplier, recurrent_shift;
} model_lstm_gate_int8;

/* One gate before its activation: two dense layers, each brought to 16 bits, and their sum. */
static void model_lstm_sums_int8(const model_lstm_gate_int8 *gate, int32_t inputs, int32_t units,
                                 int32_t input_zero_point, int32_t hidden_zero_point,
                                 const int8_t *input, const int8_t *hidden, int16_t *sums)
{
    for (int32_t unit = 0; unit < units; unit++) {
        const int8_t *weights = gate->weights + unit * inputs;
        int32_t sum = gate->bias[unit];
        for (int32_t i = 0; i < inputs; i++) {
            sum += weights[i] * (input[i] - input_zero_point);
        }
        const int8_t *recurrent = gate->recurrent + unit * units;
        int32_t recurrent_sum = 0;
        for (int32_t i = 0; i < units; i++) {
            recurrent_sum += recurrent[i] * (hidden[i] - hidden_zero_point);
        }
        const int32_t of_input = model_rescale(sum, gate->multiplier, gate->shift);
        const int32_t of_state =
            model_rescale(recurrent_sum, gate->recurrent_multiplier, gate->recurrent_shift);
        sums[unit] = (int16_t)model_clamp_value(
            model_clamp_value(of_input, INT16_MIN, INT16_MAX) +
                model_clamp_value(of_state, INT16_MIN, INT16_MAX),
            INT16_MIN, INT16_MAX);
    }
}
