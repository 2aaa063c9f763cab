/* needs: hot */
/* The Cortex-M4's DSP instructions, one function each. A word holds two int16, "low" in bits 0..15
 * and "high", or four int8. The names are the instructions'; Arm's ARMv7-M manual, chapter A7, has
 * the details. Without them, on a host, the same functions are portable C: so a host can test what
 * a board runs. Both want a little-endian machine. */
/* A word at any address: a Cortex-M3 or later needs one instruction for it. (The builtin, because
 * a compiler for bare metal may take memcpy for an ordinary function and call it.) */
#ifdef __GNUC__
#define MODEL_COPY_WORD(to, from) __builtin_memcpy(to, from, 4)
#else
#define MODEL_COPY_WORD(to, from) memcpy(to, from, 4)
#endif

MODEL_INLINE uint32_t model_load_word(const int8_t *at)
{
    uint32_t word;
    MODEL_COPY_WORD(&word, at);
    return word;
}

/* In Thumb-2 code: that of a larger Arm's other instruction set pairs registers in LDRD. */
#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)
#define MODEL_HAS_DSP 1
#else
#define MODEL_HAS_DSP 0
#endif

#if MODEL_HAS_DSP
#ifdef __clang__
#define MODEL_SUM "0" /* in the result's register: left free, clang runs out of registers */
#else
#define MODEL_SUM "r"
#endif
#define MODEL_INSTRUCTION(type, name, parameters, text, ...) \
    MODEL_INLINE type model_##name parameters \
    { \
        type result; \
        __asm__(text : "=r"(result) : __VA_ARGS__); \
        return result; \
    }

/* c + a.low * b.low + a.high * b.high, modulo 2^32 */
MODEL_INSTRUCTION(uint32_t, smlad, (uint32_t a, uint32_t b, uint32_t c), "smlad %0, %1, %2, %3",
                  "r"(a), "r"(b), MODEL_SUM(c))
/* c + the upper half of the 64-bit product a * b, rounded */
MODEL_INSTRUCTION(int32_t, smmlar, (int32_t a, int32_t b, int32_t c), "smmlar %0, %1, %2, %3",
                  "r"(a), "r"(b), "r"(c))
/* the lower byte of each half, as two int16 */
MODEL_INSTRUCTION(uint32_t, sxtb16, (uint32_t a), "sxtb16 %0, %1", "r"(a))
/* in each half: a + the lower byte of b, and a + the upper byte of b */
MODEL_INSTRUCTION(uint32_t, sxtab16, (uint32_t a, uint32_t b), "sxtab16 %0, %1, %2", "r"(a),
                  "r"(b))
MODEL_INSTRUCTION(uint32_t, sxtab16_ror8, (uint32_t a, uint32_t b),
                  "sxtab16 %0, %1, %2, ror #8", "r"(a), "r"(b))
/* a / 2, downwards, saturated to -128..127 */
MODEL_INSTRUCTION(int32_t, ssat8_asr1, (int32_t a), "ssat %0, #8, %1, asr #1", "r"(a))

/* Two words at an address that divides by 4, in one instruction, and `*at` moves behind them. */
MODEL_INLINE void model_next_two(const int32_t **at, uint32_t *a, uint32_t *b)
{
    __asm__ volatile("ldrd %0, %1, [%2], #8" : "=&r"(*a), "=&r"(*b), "+&r"(*at) : : "memory");
}
#else
MODEL_INLINE int32_t model_low(uint32_t a) { return (int16_t)(a & 0xffffu); }
MODEL_INLINE int32_t model_high(uint32_t a) { return (int16_t)(a >> 16); }
MODEL_INLINE int32_t model_byte(uint32_t a, int shift) { return (int8_t)((a >> shift) & 0xffu); }
MODEL_INLINE uint32_t model_halves(int32_t low, int32_t high)
{
    return ((uint32_t)low & 0xffffu) | (uint32_t)high << 16;
}
MODEL_INLINE uint32_t model_smlad(uint32_t a, uint32_t b, uint32_t c)
{
    return c + (uint32_t)(model_low(a) * model_low(b)) + (uint32_t)(model_high(a) * model_high(b));
}
MODEL_INLINE int32_t model_smmlar(int32_t a, int32_t b, int32_t c)
{
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 31)) >> 32) + c;
}
MODEL_INLINE uint32_t model_sxtb16(uint32_t a)
{
    return model_halves(model_byte(a, 0), model_byte(a, 16));
}
MODEL_INLINE uint32_t model_sxtab16(uint32_t a, uint32_t b)
{
    return model_halves(model_low(a) + model_byte(b, 0), model_high(a) + model_byte(b, 16));
}
MODEL_INLINE uint32_t model_sxtab16_ror8(uint32_t a, uint32_t b)
{
    return model_halves(model_low(a) + model_byte(b, 8), model_high(a) + model_byte(b, 24));
}
MODEL_INLINE int32_t model_ssat8_asr1(int32_t a)
{
    a >>= 1;
    return a < -128 ? -128 : a > 127 ? 127 : a;
}
MODEL_INLINE void model_next_two(const int32_t **at, uint32_t *a, uint32_t *b)
{
    *a = (uint32_t)*(*at)++;
    *b = (uint32_t)*(*at)++;
}
#endif
