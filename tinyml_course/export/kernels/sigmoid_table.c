/* 1 / (1 + exp(-i / 24)) in 16-bit fractions. */
static const uint16_t model_sigmoid_table[256] = {
@SIGMOID_TABLE@
};
