/* needs: rotate */
/* SHA-256, one block of 64 bytes (FIPS 180-4, section 6.2.2): 64 rounds that mix the block into eight
 * words of state. Only the last 16 words of the message schedule are kept. */
static void model_sha256_block(uint32_t state[8], const uint8_t *block)
{
    static const uint32_t k[64] = { /* fractions of the cube roots of the first 64 primes */
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    };
    uint32_t w[16];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (uint32_t t = 0; t < 64; t++) {
        if (t < 16) { /* the message, most significant byte first */
            w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
                   (uint32_t)block[4 * t + 2] << 8 | (uint32_t)block[4 * t + 3];
        } else {
            const uint32_t x = w[(t + 1) & 15U], y = w[(t + 14) & 15U];
            w[t & 15U] += (model_rotate(x, 7) ^ model_rotate(x, 18) ^ x >> 3) + w[(t + 9) & 15U] +
                          (model_rotate(y, 17) ^ model_rotate(y, 19) ^ y >> 10);
        }
        const uint32_t first = h + (model_rotate(e, 6) ^ model_rotate(e, 11) ^ model_rotate(e, 25)) +
                               ((e & f) ^ (~e & g)) + k[t] + w[t & 15U];
        const uint32_t second = (model_rotate(a, 2) ^ model_rotate(a, 13) ^ model_rotate(a, 22)) +
                                ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + first;
        d = c;
        c = b;
        b = a;
        a = first + second;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}
