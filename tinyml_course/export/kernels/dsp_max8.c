/* needs: dsp */
/* The greater one of each of the four bytes. */
MODEL_INLINE uint32_t model_max8(uint32_t a, uint32_t b)
{
#if MODEL_HAS_DSP
    uint32_t greater; /* SSUB8 notes for each byte whether a >= b, SEL chooses by these notes */
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(greater) : "r"(a), "r"(b) : "cc");
#else
    uint32_t greater = 0;
    for (int32_t shift = 0; shift < 32; shift += 8) {
        greater |= (model_byte(a, shift) >= model_byte(b, shift) ? a : b) & 0xffu << shift;
    }
#endif
    return greater;
}
