/* needs: dsp */
/* More instructions, for two products that go to two sums. */
#if MODEL_HAS_DSP
/* the upper byte of each half, as two int16 */
MODEL_INSTRUCTION(uint32_t, sxtb16_ror8, (uint32_t a), "sxtb16 %0, %1, ror #8", "r"(a))
/* c + a.low * b.low, and c + a.high * b.high */
MODEL_INSTRUCTION(int32_t, smlabb, (uint32_t a, uint32_t b, int32_t c), "smlabb %0, %1, %2, %3",
                  "r"(a), "r"(b), MODEL_SUM(c))
MODEL_INSTRUCTION(int32_t, smlatt, (uint32_t a, uint32_t b, int32_t c), "smlatt %0, %1, %2, %3",
                  "r"(a), "r"(b), MODEL_SUM(c))
#else
MODEL_INLINE uint32_t model_sxtb16_ror8(uint32_t a)
{
    return model_halves(model_byte(a, 8), model_byte(a, 24));
}
MODEL_INLINE int32_t model_smlabb(uint32_t a, uint32_t b, int32_t c)
{
    return c + model_low(a) * model_low(b);
}
MODEL_INLINE int32_t model_smlatt(uint32_t a, uint32_t b, int32_t c)
{
    return c + model_high(a) * model_high(b);
}
#endif
