/* needs: dsp */
/* From an accumulator to int8, equal to TFLM's rounding in two steps:
 *     high = round(accumulator * multiplier / 2^31)
 *     y    = round_half_away_from_zero(high / 2^(shift + 1)) + zero_point
 * SMMLAR is the first step if the accumulator comes doubled; `rounding` already adds half a unit
 * and the zero point: (zero_point + 1/2) * 2^(shift + 1). Adding the sign (-1 or 0) sends negative
 * halves away from zero. The exporter checks that nothing overflows. */
MODEL_INLINE int8_t model_dsp_requantize(int32_t doubled, int32_t multiplier, int32_t rounding,
                                         int32_t shift)
{
    const int32_t high = model_smmlar(doubled, multiplier, rounding) + (doubled >> 31);
    return (int8_t)model_ssat8_asr1(high >> shift);
}

MODEL_INLINE int32_t model_dsp_rounding(int32_t twice_zero_point_and_one, int32_t shift)
{
    return (int32_t)((uint32_t)twice_zero_point_and_one << shift);
}
