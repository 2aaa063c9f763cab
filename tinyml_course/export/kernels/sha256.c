/* needs: sha256_block */
/* SHA-256 of two pieces of memory, one behind the other (FIPS 180-4): 32 bytes that change beyond
 * recognition if any bit changes. Behind the message come a 1, zeros, and its length in bits. */
static void model_sha256(const uint8_t *first, uint32_t first_bytes, const uint8_t *second,
                         uint32_t second_bytes, uint8_t digest[32])
{
    uint32_t state[8] = { /* fractions of the square roots of the first eight primes */
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };
    const uint64_t bits = ((uint64_t)first_bytes + second_bytes) * 8U;
    uint8_t block[64];
    uint32_t filled = 0;
    for (int piece = 0; piece < 2; piece++) {
        const uint8_t *from = piece == 0 ? first : second;
        const uint32_t bytes = piece == 0 ? first_bytes : second_bytes;
        for (uint32_t i = 0; i < bytes; i++) {
            block[filled++] = from[i];
            if (filled == 64) {
                model_sha256_block(state, block);
                filled = 0;
            }
        }
    }
    block[filled++] = 0x80;
    if (filled > 56) { /* no room for the length: it gets a block of its own */
        memset(block + filled, 0, 64 - filled);
        model_sha256_block(state, block);
        filled = 0;
    }
    memset(block + filled, 0, 56 - filled);
    for (uint32_t i = 0; i < 8; i++) {
        block[56 + i] = (uint8_t)(bits >> (56 - 8 * i) & 255U);
    }
    model_sha256_block(state, block);
    for (uint32_t i = 0; i < 32; i++) {
        digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)) & 255U);
    }
}
