/* needs: logistic_float tanh_float */
/* What a gate of an LSTM knows: weights for the input and for the state, and a bias. */
typedef struct {
    const float *weights, *recurrent, *bias;
} model_lstm_gate_float;

/* UNIDIRECTIONAL_SEQUENCE_LSTM in float32. Four gates look at a step's input and at the last
 * step's output (`hidden`). `cell` forgets by one, takes up the product of two more, and what it
 * shows of itself, by the last, is the output. A `clip` of 0 clips nothing. */
static void model_lstm_float(int32_t steps, int32_t inputs, int32_t units, float clip,
                             const model_lstm_gate_float gates[4], const float *input,
                             float *hidden, float *cell, float *scratch, float *output)
{
    float *input_gate = scratch, *forget_gate = scratch + units;
    float *cell_gate = scratch + 2 * units, *output_gate = scratch + 3 * units;
    for (int32_t step = 0; step < steps; step++, input += inputs, output += units) {
        for (int32_t gate = 0; gate < 4; gate++) {
            for (int32_t unit = 0; unit < units; unit++) {
                const float *weights = gates[gate].weights + unit * inputs;
                float sum = 0.0f;
                for (int32_t i = 0; i < inputs; i++) {
                    sum += weights[i] * input[i];
                }
                sum += gates[gate].bias[unit];
                const float *recurrent = gates[gate].recurrent + unit * units;
                float recurrent_sum = 0.0f;
                for (int32_t i = 0; i < units; i++) {
                    recurrent_sum += recurrent[i] * hidden[i];
                }
                scratch[gate * units + unit] = sum + recurrent_sum;
            }
        }
        model_logistic_float(2 * units, input_gate, input_gate);
        model_tanh_float(units, cell_gate, cell_gate);
        model_logistic_float(units, output_gate, output_gate);
        for (int32_t i = 0; i < units; i++) {
            float y = forget_gate[i] * cell[i] + input_gate[i] * cell_gate[i];
            if (clip > 0.0f) {
                y = y < -clip ? -clip : y > clip ? clip : y;
            }
            cell[i] = y;
        }
        model_tanh_float(units, cell, forget_gate);
        for (int32_t i = 0; i < units; i++) {
            hidden[i] = forget_gate[i] * output_gate[i];
            output[i] = hidden[i];
        }
    }
}
