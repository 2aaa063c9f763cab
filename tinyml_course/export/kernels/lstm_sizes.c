/* Sizes and factors of an LSTM behind its gates. */
typedef struct {
    int32_t steps, inputs, units;
    int32_t input_zero_point, hidden_zero_point, hidden_min, hidden_max;
    int32_t forget_multiplier, forget_shift; /* gate x cell */
    int32_t update_multiplier, update_shift; /* input gate x cell gate */
    int32_t output_multiplier, output_shift; /* tanh(cell) x output gate */
    int32_t clip;                            /* the cell's greatest magnitude; 0: none */
    int32_t tanh_multiplier, tanh_shift;     /* from the cell to tanh's table */
} model_lstm;
