/* The Cortex-M4's DSP instructions, one function each. A word holds two int16, "low" in bits 0..15
 * and "high", or four int8. The names are the instructions'; Arm's ARMv7-M manual, chapter A7, has
 * the details. Without them, on a host, the same functions are portable C: so a host can test what
 * a board runs. Both want a little-endian machine. */

/* Before a kernel: one copy of it for all layers, and GCC makes it fast also where the program is
 * compiled to be small (-Os). */
#if defined(__clang__)
#define MODEL_HOT __attribute__((noinline))
#elif defined(__GNUC__)
#define MODEL_HOT \
    __attribute__((noinline, optimize("O2", "no-tree-loop-distribute-patterns")))
#else
#define MODEL_HOT
#endif

#ifdef __ARM_FEATURE_DSP
#define MODEL_DSP(type, name, parameters, text, ...) \
    static inline __attribute__((always_inline)) type model_##name parameters \
    { \
        type result; \
        __asm__(text : "=r"(result) : __VA_ARGS__); \
        return result; \
    }

/* c + a.low * b.low + a.high * b.high, modulo 2^32 */
MODEL_DSP(uint32_t, smlad, (uint32_t a, uint32_t b, uint32_t c), "smlad %0, %1, %2, %3", "r"(a),
          "r"(b), "r"(c))
/* c + a.low * b.high, and c + a.high * b.low */
MODEL_DSP(uint32_t, smlabt, (uint32_t a, uint32_t b, uint32_t c), "smlabt %0, %1, %2, %3", "r"(a),
          "r"(b), "r"(c))
MODEL_DSP(uint32_t, smlatb, (uint32_t a, uint32_t b, uint32_t c), "smlatb %0, %1, %2, %3", "r"(a),
          "r"(b), "r"(c))
/* c + the upper half of the 64-bit product a * b, rounded */
MODEL_DSP(int32_t, smmlar, (int32_t a, int32_t b, int32_t c), "smmlar %0, %1, %2, %3", "r"(a),
          "r"(b), "r"(c))
/* the lower byte of each half, as two int16 */
MODEL_DSP(uint32_t, sxtb16, (uint32_t a), "sxtb16 %0, %1", "r"(a))
/* in each half: a + the lower byte of b, and a + the upper byte of b */
MODEL_DSP(uint32_t, sxtab16, (uint32_t a, uint32_t b), "sxtab16 %0, %1, %2", "r"(a), "r"(b))
MODEL_DSP(uint32_t, sxtab16_ror8, (uint32_t a, uint32_t b), "sxtab16 %0, %1, %2, ror #8", "r"(a),
          "r"(b))
/* a / 2, downwards, saturated to -128..127 */
MODEL_DSP(int32_t, ssat8_asr1, (int32_t a), "ssat %0, #8, %1, asr #1", "r"(a))
/* the greater one of each of the four bytes */
static inline __attribute__((always_inline)) uint32_t model_max8(uint32_t a, uint32_t b)
{
    uint32_t greater; /* SSUB8 notes for each byte whether a >= b, SEL chooses by these notes */
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(greater) : "r"(a), "r"(b) : "cc");
    return greater;
}

/* Two words, `offset` bytes behind `at`, in one instruction. The address must divide by 4. */
#define MODEL_LOAD_TWO(at, offset, a, b) \
    __asm__ volatile("ldrd %0, %1, [%2, %3]" \
                     : "=&r"(a), "=r"(b) \
                     : "r"(at), "i"(offset) \
                     : "memory")

/* The next two words, and `*at` moves behind them. */
static inline __attribute__((always_inline)) void model_next_two(const int32_t **at, uint32_t *a,
                                                                 uint32_t *b)
{
    __asm__ volatile("ldrd %0, %1, [%2], #8" : "=&r"(*a), "=&r"(*b), "+&r"(*at) : : "memory");
}
#else
static inline int32_t model_low(uint32_t a) { return (int16_t)(a & 0xffffu); }
static inline int32_t model_high(uint32_t a) { return (int16_t)(a >> 16); }
static inline int32_t model_byte(uint32_t a, int shift) { return (int8_t)((a >> shift) & 0xffu); }
static inline uint32_t model_halves(int32_t low, int32_t high)
{
    return ((uint32_t)low & 0xffffu) | (uint32_t)high << 16;
}
static inline uint32_t model_smlad(uint32_t a, uint32_t b, uint32_t c)
{
    return c + (uint32_t)(model_low(a) * model_low(b)) + (uint32_t)(model_high(a) * model_high(b));
}
static inline uint32_t model_smlabt(uint32_t a, uint32_t b, uint32_t c)
{
    return c + (uint32_t)(model_low(a) * model_high(b));
}
static inline uint32_t model_smlatb(uint32_t a, uint32_t b, uint32_t c)
{
    return c + (uint32_t)(model_high(a) * model_low(b));
}
static inline int32_t model_smmlar(int32_t a, int32_t b, int32_t c)
{
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32) + c;
}
static inline uint32_t model_sxtb16(uint32_t a)
{
    return model_halves(model_byte(a, 0), model_byte(a, 16));
}
static inline uint32_t model_sxtab16(uint32_t a, uint32_t b)
{
    return model_halves(model_low(a) + model_byte(b, 0), model_high(a) + model_byte(b, 16));
}
static inline uint32_t model_sxtab16_ror8(uint32_t a, uint32_t b)
{
    return model_halves(model_low(a) + model_byte(b, 8), model_high(a) + model_byte(b, 24));
}
static inline uint32_t model_max8(uint32_t a, uint32_t b)
{
    uint32_t greater = 0;
    for (int32_t shift = 0; shift < 32; shift += 8) {
        greater |= (model_byte(a, shift) >= model_byte(b, shift) ? a : b) & 0xffu << shift;
    }
    return greater;
}
static inline int32_t model_ssat8_asr1(int32_t a)
{
    a >>= 1;
    return a < -128 ? -128 : a > 127 ? 127 : a;
}
#define MODEL_LOAD_TWO(at, offset, a, b) \
    do { \
        memcpy(&(a), (const char *)(at) + (offset), 4); \
        memcpy(&(b), (const char *)(at) + (offset) + 4, 4); \
    } while (0)

static inline void model_next_two(const int32_t **at, uint32_t *a, uint32_t *b)
{
    MODEL_LOAD_TWO(*at, 0, *a, *b);
    *at += 2;
}
#endif

/* A word at any address: a Cortex-M3 or later needs one instruction for it. (The builtin, because
 * a compiler for bare metal may take memcpy for an ordinary function and call it.) */
#ifdef __GNUC__
#define MODEL_COPY_WORD(to, from) __builtin_memcpy(to, from, 4)
#else
#define MODEL_COPY_WORD(to, from) memcpy(to, from, 4)
#endif

static inline uint32_t model_load_word(const int8_t *at)
{
    uint32_t word;
    MODEL_COPY_WORD(&word, at);
    return word;
}

/* From an accumulator to int8, equal to TFLM's rounding in two steps:
 *     high = round(accumulator * multiplier / 2^31)
 *     y    = round_half_away_from_zero(high / 2^(shift + 1)) + zero_point
 * SMMLAR is the first step if the accumulator comes doubled; `rounding` already adds half a unit
 * and the zero point: (zero_point + 1/2) * 2^(shift + 1). Adding the sign (-1 or 0) sends negative
 * halves away from zero. The exporter checks that nothing overflows. */
static inline __attribute__((always_inline)) int8_t model_dsp_requantize(
    int32_t doubled, int32_t multiplier, int32_t rounding, int32_t shift)
{
    int32_t high = model_smmlar(doubled, multiplier, rounding) + (doubled >> 31);
    return (int8_t)model_ssat8_asr1(high >> shift);
}

static inline int32_t model_dsp_rounding(int32_t twice_zero_point_and_one, int32_t shift)
{
    return (int32_t)((uint32_t)twice_zero_point_and_one << shift);
}
