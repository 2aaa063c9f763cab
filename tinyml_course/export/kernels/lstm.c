/* needs: sigmoid_16 rescale clamp_value lstm_sizes */
/* UNIDIRECTIONAL_SEQUENCE_LSTM. Four gates look at a step's input and at the last step's output
 * (`hidden`). `cell` forgets by one, takes up the product of two more, and what it shows of itself,
 * by the last, is the output. Gates and cell have 16 bits. */
static void model_lstm_TYPE(const model_lstm *p, const model_lstm_gate_TYPE gates[4],
                            const element_t *input, element_t *hidden, int16_t *cell,
                            int16_t *scratch, element_t *output)
{
    const int32_t units = p->units;
    int16_t *input_gate = scratch, *forget_gate = scratch + units;
    int16_t *cell_gate = scratch + 2 * units, *output_gate = scratch + 3 * units;
    for (int32_t step = 0; step < p->steps; step++, input += p->inputs, output += units) {
        for (int32_t gate = 0; gate < 4; gate++) {
            model_lstm_sums_TYPE(&gates[gate], p->inputs, units, p->input_zero_point,
                                 p->hidden_zero_point, input, hidden, scratch + gate * units);
        }
        model_sigmoid_16(2 * units, 3, 0, 9, input_gate, input_gate);
        model_sigmoid_16(units, 3, 0, 8, cell_gate, cell_gate);
        model_sigmoid_16(units, 3, 0, 9, output_gate, output_gate);
        for (int32_t i = 0; i < units; i++) {
            const int32_t kept =
                model_rescale(forget_gate[i] * cell[i], p->forget_multiplier, p->forget_shift);
            const int32_t taken = model_rescale(input_gate[i] * cell_gate[i],
                                                p->update_multiplier, p->update_shift);
            int32_t y = model_clamp_value(model_clamp_value(kept, INT16_MIN, INT16_MAX) +
                                              model_clamp_value(taken, INT16_MIN, INT16_MAX),
                                          INT16_MIN, INT16_MAX);
            if (p->clip > 0) {
                y = model_clamp_value(y, -p->clip, p->clip);
            }
            cell[i] = (int16_t)y;
        }
        model_sigmoid_16(units, p->tanh_multiplier, p->tanh_shift, 8, cell, forget_gate);
        for (int32_t i = 0; i < units; i++) {
            const int32_t y = model_rescale(forget_gate[i] * output_gate[i], p->output_multiplier,
                                            p->output_shift);
            hidden[i] = (element_t)model_clamp_value(y + p->hidden_zero_point, p->hidden_min,
                                                     p->hidden_max);
            output[i] = hidden[i];
        }
    }
}
