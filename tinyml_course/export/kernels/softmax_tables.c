/* exp(x) for x in -10..0, and 1 / (1 + x) for x in 0..1, both Q0.15. */
static const int16_t model_exp_table[513] = {
@EXP_TABLE@
};
static const int16_t model_reciprocal_table[513] = {
@RECIPROCAL_TABLE@
};
