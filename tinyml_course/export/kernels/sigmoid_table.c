/* 1 / (1 + exp(-i / 24)) in 16-bit fractions, for straight lines in between. */
static const uint16_t model_sigmoid_table[256] = {
@SIGMOID_TABLE@
};
