/* needs: sha256 */
/* HMAC-SHA-256 with a key of 32 bytes (RFC 2104): a hash that only who has the key can compute. The
 * key goes in twice, on the inside and on the outside, so that nobody can append to a message. */
static void model_hmac_sha256(const uint8_t *key, const uint8_t *message, uint32_t bytes,
                              uint8_t tag[32])
{
    uint8_t padded[64], inner[32];
    for (uint32_t i = 0; i < 64; i++) {
        padded[i] = (uint8_t)((i < 32 ? key[i] : 0) ^ 0x36);
    }
    model_sha256(padded, 64, message, bytes, inner);
    for (uint32_t i = 0; i < 64; i++) {
        padded[i] = (uint8_t)(padded[i] ^ 0x36 ^ 0x5c);
    }
    model_sha256(padded, 64, inner, 32, tag);
}
