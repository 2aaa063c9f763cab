/* needs: dsp */
/* More instructions: products of halves, and pairs of words at a fixed distance. */
#if MODEL_HAS_DSP
/* c + a.low * b.high, and c + a.high * b.low */
MODEL_INSTRUCTION(uint32_t, smlabt, (uint32_t a, uint32_t b, uint32_t c), "smlabt %0, %1, %2, %3",
                  "r"(a), "r"(b), "r"(c))
MODEL_INSTRUCTION(uint32_t, smlatb, (uint32_t a, uint32_t b, uint32_t c), "smlatb %0, %1, %2, %3",
                  "r"(a), "r"(b), "r"(c))

/* Two words, `offset` bytes behind `at`. The address must divide by 4, the offset is a literal. */
#define MODEL_LOAD_TWO(at, offset, a, b) \
    __asm__ volatile("ldrd %0, %1, [%2, %3]" \
                     : "=&r"(a), "=r"(b) \
                     : "r"(at), "i"(offset) \
                     : "memory")
#else
MODEL_INLINE uint32_t model_smlabt(uint32_t a, uint32_t b, uint32_t c)
{
    return c + (uint32_t)(model_low(a) * model_high(b));
}
MODEL_INLINE uint32_t model_smlatb(uint32_t a, uint32_t b, uint32_t c)
{
    return c + (uint32_t)(model_high(a) * model_low(b));
}
#define MODEL_LOAD_TWO(at, offset, a, b) \
    do { \
        MODEL_COPY_WORD(&(a), (const char *)(at) + (offset)); \
        MODEL_COPY_WORD(&(b), (const char *)(at) + (offset) + 4); \
    } while (0)
#endif
