/* 1 if all bytes are equal. It looks at every byte whatever it has seen: a comparison that ends at the
 * first difference tells by its time how many bytes of a guessed tag were right. */
static int model_same_bytes(const uint8_t *a, const uint8_t *b, uint32_t bytes)
{
    uint32_t difference = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        difference |= (uint32_t)(a[i] ^ b[i]);
    }
    return difference == 0;
}
