/* needs: hot */
/* For cores without DSP instructions: from an accumulator to int8, equal to TFLM's rounding in two
 * steps:
 *     high = round(accumulator * multiplier / 2^31)
 *     y    = round_half_away_from_zero(high / 2^shift) + zero_point
 * `rounding` adds half a unit and the zero point: (zero_point + 1/2) * 2^shift. Adding the
 * sign (-1 or 0) sends negative halves away from zero. The exporter checks that nothing overflows.
 */

/* A Cortex-M0+ has no instruction for a 64-bit product. The kernels' assembly is for it alone. */
#if defined(__GNUC__) && defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
#define MODEL_THUMB1 1
/* model_small_requantize as a subroutine of the kernels in assembly. r0: accumulator, and result.
 * r5, r6: the multiplier's upper and lower half; r7: rounding; r4: shift. r1, r2 are lost. The
 * steps are those of model_small_high; an ASRS leaves the bit it shifted out last in the carry,
 * and ADCS adds it: that rounds. */
#define MODEL_THUMB1_REQUANTIZE \
    "sxth r1, r0\n subs r0, r0, r1\n asrs r0, r0, #16\n" \
    "movs r2, r1\n muls r2, r6, r2\n asrs r2, r2, #16\n" \
    "muls r1, r5, r1\n adds r2, r2, r1\n" \
    "movs r1, r0\n muls r1, r6, r1\n adds r1, r1, r2\n" \
    "muls r0, r5, r0\n" \
    "asrs r1, r1, #15\n adcs r1, r0\n adds r1, r1, r0\n" \
    "asrs r0, r1, #31\n adds r1, r1, r0\n adds r1, r1, r7\n" \
    "asrs r1, r4\n" \
    "sxtb r0, r1\n cmp r0, r1\n bne 5f\n" \
    "bx lr\n" \
    "5:\n" /* outside of int8: -128 or 127 */ \
    "asrs r0, r1, #31\n movs r1, #127\n eors r0, r1\n" \
    "bx lr\n"
#else
#define MODEL_THUMB1 0
#endif

MODEL_INLINE int32_t model_small_high(int32_t a, int32_t multiplier)
{
#if MODEL_THUMB1
    /* Halves of 16 bits: a = 65536 * a_1 + a_0 and multiplier = 65536 * m_1 + m_0, a_0 signed. What
     * lies below 2^16 cannot change the result, so a_0 * m_0 is shifted before it is added. */
    const int32_t a_0 = (int16_t)(a & 0xffff), a_1 = (a - a_0) >> 16;
    const int32_t m_0 = multiplier & 0xffff, m_1 = multiplier >> 16;
    const int32_t middle = a_1 * m_0 + a_0 * m_1 + ((a_0 * m_0) >> 16);
    return a_1 * m_1 * 2 + ((middle + (1 << 14)) >> 15);
#else
    const int64_t product = (int64_t)(int32_t)((uint32_t)a << 1) * multiplier;
    return (int32_t)(product >> 32) + (int32_t)((uint32_t)(product & 0xffffffff) >> 31);
#endif
}

MODEL_INLINE int8_t model_small_saturate(int32_t y)
{
    if (y < -128) {
        y = -128;
    }
    if (y > 127) {
        y = 127;
    }
    return (int8_t)y;
}

MODEL_INLINE int8_t model_small_requantize(int32_t accumulator, int32_t multiplier,
                                           int32_t rounding, int32_t shift)
{
    const int32_t high = model_small_high(accumulator, multiplier) + (accumulator >> 31);
    return model_small_saturate((high + rounding) >> shift);
}

MODEL_INLINE int32_t model_small_rounding(int32_t twice_zero_point_and_one, int32_t shift)
{
    return (int32_t)((uint32_t)twice_zero_point_and_one << (shift - 1));
}
