/* needs: small_requantize */
/* ADD on int8 for cores without DSP instructions. TFLM brings both inputs to twice the larger
 * scale. The input that has this scale needs no multiplication for it: its factor is exactly 1/2. */
typedef struct {
    int32_t exact_begin; /* of the input with the larger scale: -zero point * 2^19 */
    int32_t begin, multiplier, rounding, shift; /* of the other one: -zero point * 2^20 */
    int32_t output_multiplier, output_rounding, output_shift;
} model_small_addition;

MODEL_HOT
static void model_add_small(int32_t count, const model_small_addition *p, const int8_t *exact,
                            const int8_t *other, int8_t *output)
{
    const model_small_addition a = *p;
    for (const int8_t *end = exact + count; exact != end;) {
        int32_t y = a.begin + *other++ * (1 << 20);
        y = (model_small_high(y, a.multiplier) + a.rounding + (y >> 31)) >> a.shift;
        y += a.exact_begin + *exact++ * (1 << 19);
        *output++ = model_small_requantize(y, a.output_multiplier, a.output_rounding,
                                           a.output_shift);
    }
}
