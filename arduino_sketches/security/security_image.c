/* security_image.c: see security_image.h. Generated: do not edit. */
#include "security_image.h"

#include <string.h>

#ifdef __GNUC__ /* and clang */
#define SECURITY_ALIGNED __attribute__((aligned(4)))
#else
#define SECURITY_ALIGNED
#endif

/* To the right by 1 to 31 bits; what falls out comes in on the left. One instruction on most cores. */
static uint32_t security_rotate(uint32_t x, uint32_t bits)
{
    return x >> bits | x << (32U - bits);
}

/* SHA-256, one block of 64 bytes (FIPS 180-4, section 6.2.2): 64 rounds that mix the block into eight
 * words of state. Only the last 16 words of the message schedule are kept. */
static void security_sha256_block(uint32_t state[8], const uint8_t *block)
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
            w[t & 15U] += (security_rotate(x, 7) ^ security_rotate(x, 18) ^ x >> 3) + w[(t + 9) & 15U] +
                          (security_rotate(y, 17) ^ security_rotate(y, 19) ^ y >> 10);
        }
        const uint32_t first = h + (security_rotate(e, 6) ^ security_rotate(e, 11) ^ security_rotate(e, 25)) +
                               ((e & f) ^ (~e & g)) + k[t] + w[t & 15U];
        const uint32_t second = (security_rotate(a, 2) ^ security_rotate(a, 13) ^ security_rotate(a, 22)) +
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

/* SHA-256 of two pieces of memory, one behind the other (FIPS 180-4): 32 bytes that change beyond
 * recognition if any bit changes. Behind the message come a 1, zeros, and its length in bits. */
static void security_sha256(const uint8_t *first, uint32_t first_bytes, const uint8_t *second,
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
                security_sha256_block(state, block);
                filled = 0;
            }
        }
    }
    block[filled++] = 0x80;
    if (filled > 56) { /* no room for the length: it gets a block of its own */
        memset(block + filled, 0, 64 - filled);
        security_sha256_block(state, block);
        filled = 0;
    }
    memset(block + filled, 0, 56 - filled);
    for (uint32_t i = 0; i < 8; i++) {
        block[56 + i] = (uint8_t)(bits >> (56 - 8 * i) & 255U);
    }
    security_sha256_block(state, block);
    for (uint32_t i = 0; i < 32; i++) {
        digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)) & 255U);
    }
}

/* HMAC-SHA-256 with a key of 32 bytes (RFC 2104): a hash that only who has the key can compute. The
 * key goes in twice, on the inside and on the outside, so that nobody can append to a message. */
static void security_hmac_sha256(const uint8_t *key, const uint8_t *message, uint32_t bytes,
                                 uint8_t tag[32])
{
    uint8_t padded[64], inner[32];
    for (uint32_t i = 0; i < 64; i++) {
        padded[i] = (uint8_t)((i < 32 ? key[i] : 0) ^ 0x36);
    }
    security_sha256(padded, 64, message, bytes, inner);
    for (uint32_t i = 0; i < 64; i++) {
        padded[i] = (uint8_t)(padded[i] ^ 0x36 ^ 0x5c);
    }
    security_sha256(padded, 64, inner, 32, tag);
}

/* 1 if all bytes are equal. It looks at every byte whatever it has seen: a comparison that ends at the
 * first difference tells by its time how many bytes of a guessed tag were right. */
static int security_same_bytes(const uint8_t *a, const uint8_t *b, uint32_t bytes)
{
    uint32_t difference = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        difference |= (uint32_t)(a[i] ^ b[i]);
    }
    return difference == 0;
}

/* Four bytes, the least significant first, from any address. */
static uint32_t security_read_word(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* 1 if an image holds dense layers that follow each other from the sketch's input to its output, and
 * not a byte more. A right tag says who made an image, not that it was made for this sketch. */
static int security_image_fits(const uint8_t *image, uint32_t bytes)
{
    if (bytes < 32 || security_read_word(image) != SECURITY_IMAGE_MAGIC ||
        security_read_word(image + 12) != bytes || security_read_word(image + 16) != SECURITY_INTERFACE) {
        return 0;
    }
    const int32_t multiplier = (int32_t)security_read_word(image + 20);
    const int32_t difference_min = (int32_t)security_read_word(image + 28);
    if (multiplier <= 0 || security_read_word(image + 24) > 30 || difference_min > 0) return 0;
    const uint32_t layers = security_read_word(image + 4);
    uint32_t at = 32, values = SECURITY_INPUT_SIZE;
    for (uint32_t layer = 0; layer < layers; layer++) {
        if (bytes - at < 32) return 0;
        const uint32_t inputs = security_read_word(image + at);
        const uint32_t outputs = security_read_word(image + at + 4);
        if (inputs != values || outputs < 1 || outputs > SECURITY_MOST_VALUES) return 0;
        for (uint32_t i = 8; i < 24; i += 4) { /* zero points and limits are int8 values */
            if (security_read_word(image + at + i) + 128U > 255U) return 0;
        }
        if (security_read_word(image + at + 28) + 31U > 61U) return 0; /* shift: -31 to 30 */
        const uint32_t size = 32 + 4 * outputs + ((inputs * outputs + 3U) & ~3U);
        if (size > bytes - at) return 0;
        at += size;
        values = outputs;
    }
    return at == bytes && layers > 0 && values == SECURITY_OUTPUT_SIZE;
}

/* x / 2^exponent, halves away from zero. */
static int32_t security_rounding_divide(int32_t x, int32_t exponent)
{
    const int32_t mask = (int32_t)((1U << exponent) - 1U);
    const int32_t half = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + ((x & mask) > half ? 1 : 0);
}

/* x * multiplier * 2^(shift - 31): how an integer of one scale becomes an integer of another.
 * It rounds twice, after the multiplication and after the shift, as TFLM does. */
static int32_t security_rescale(int32_t x, int32_t multiplier, int32_t shift)
{
    const int32_t left = shift > 0 ? shift : 0;
    const int32_t right = shift > 0 ? 0 : -shift;
    const int64_t product = (int64_t)(int32_t)((uint32_t)x << left) * multiplier;
    const int32_t high = (int32_t)((product + ((int64_t)1 << 30)) >> 31);
    return security_rounding_divide(high, right);
}

static int32_t security_clamp_value(int32_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* The upper half of 2 * a * b, rounded: the product of two fractions in Q31. */
static int32_t security_doubling_high_multiply(int32_t a, int32_t b)
{
    const int64_t product = (int64_t)a * b;
    const int64_t high = (product + ((int64_t)1 << 30)) >> 31;
    return high > INT32_MAX ? INT32_MAX : (int32_t)high;
}

/* exp(x) for x <= 0 without floating point: Q5.26 in, Q0.31 out. A polynomial of degree four
 * serves the last quarter, each larger power of two in -x has its own factor. */
static int32_t security_exp_q5(int32_t x)
{
    static const int32_t factors[7] = { /* exp(-1/4), exp(-1/2), exp(-1) ... exp(-16) */
        1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242
    };
    const int32_t quarter = (int32_t)1 << 24;
    const int32_t in_quarter = (x & (quarter - 1)) - quarter;
    const int32_t remainder = in_quarter - x;
    const int32_t y = in_quarter * 32 + (1 << 28); /* around -1/8, in Q0.31 */
    const int32_t y2 = security_doubling_high_multiply(y, y);
    const int32_t y3 = security_doubling_high_multiply(y2, y);
    const int32_t y4_over_4 = security_rounding_divide(security_doubling_high_multiply(y2, y2), 2);
    const int32_t one_third = 715827883;
    const int32_t exp_of_minus_eighth = 1895147668;
    const int32_t tail = security_rounding_divide(
        security_doubling_high_multiply(y4_over_4 + y3, one_third) + y2, 1);
    int32_t result =
        exp_of_minus_eighth + security_doubling_high_multiply(exp_of_minus_eighth, y + tail);
    for (int32_t k = 0; k < 7; k++) {
        if (remainder & (int32_t)(1U << (24 + k))) {
            result = security_doubling_high_multiply(result, factors[k]);
        }
    }
    return x == 0 ? INT32_MAX : result;
}

/* 1 / (1 + x) for x in [0, 1), Q0.31 in and out: a line as the first guess, three Newton steps. */
static int32_t security_reciprocal(int32_t x)
{
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) >> 1); /* (1 + x) / 2 */
    const int32_t one = (int32_t)1 << 29;                                /* 1 in Q2.29 */
    int32_t y = 1515870810 + security_doubling_high_multiply(half, -1010580540); /* 48/17 - 32/17 h */
    for (int32_t step = 0; step < 3; step++) {
        const int32_t error = one - security_doubling_high_multiply(half, y);
        y += security_doubling_high_multiply(y, error) * 4;
    }
    return y >= 2 * one ? INT32_MAX : y * 2;
}

/* SOFTMAX: exp(x - max) / sum, in fixed point. The difference to the greatest value becomes Q5.26;
 * differences below `difference_min` contribute nothing. */
static void security_softmax(int32_t rows, int32_t classes, int32_t multiplier, int32_t shift,
                             int32_t difference_min, const int8_t *input, int8_t *output)
{
    for (int32_t row = 0; row < rows; row++, input += classes, output += classes) {
        int32_t greatest = INT8_MIN;
        for (int32_t c = 0; c < classes; c++) {
            greatest = input[c] > greatest ? input[c] : greatest;
        }
        int32_t sum = 0; /* Q12.19 */
        for (int32_t c = 0; c < classes; c++) {
            const int32_t difference = input[c] - greatest;
            if (difference >= difference_min) {
                const int32_t exp = security_exp_q5(security_rescale(difference, multiplier, shift));
                sum += security_rounding_divide(exp, 12);
            }
        }
        int32_t headroom = 0; /* leading zeros: with them the sum is 1 + x, x in [0, 1) */
        while (((uint32_t)sum << headroom) < (1U << 31)) {
            headroom++;
        }
        const int32_t x = (int32_t)(((uint32_t)sum << headroom) - (1U << 31));
        const int32_t one_over_sum = security_reciprocal(x);
        /* in 256ths; from a sum of 512 on, every class rounds to 0 */
        const int32_t exponent = 12 - headroom + 31 - 8;
        for (int32_t c = 0; c < classes; c++) {
            const int32_t difference = input[c] - greatest;
            int32_t probability = 0;
            if (difference >= difference_min && exponent < 32) {
                const int32_t exp = security_exp_q5(security_rescale(difference, multiplier, shift));
                probability = security_rounding_divide(
                    security_doubling_high_multiply(one_over_sum, exp), exponent);
            }
            output[c] = (int8_t)security_clamp_value(probability - 128, INT8_MIN, INT8_MAX);
        }
    }
}

/* Dense layers one after the other, then SOFTMAX, all numbers from an image that is data and no code:
 * so it can be checked, and replaced, as a whole. The arithmetic is that of fully_connected.c. */
static void security_dense_image(const uint8_t *image, const int8_t *input, int8_t *output)
{
    static int8_t values[2][SECURITY_MOST_VALUES];
    const uint32_t layers = security_read_word(image + 4);
    const uint8_t *at = image + 32;
    const int8_t *from = input;
    int32_t outputs = 0;
    for (uint32_t layer = 0; layer < layers; layer++) {
        int32_t head[8]; /* as image.py writes them */
        for (uint32_t i = 0; i < 8; i++) {
            head[i] = (int32_t)security_read_word(at + 4 * i);
        }
        const int32_t inputs = head[0];
        outputs = head[1];
        const uint8_t *bias = at + 32;
        const int8_t *weights = (const int8_t *)(bias + 4 * outputs);
        int8_t *to = values[layer % 2];
        for (int32_t channel = 0; channel < outputs; channel++) {
            int32_t sum = 0;
            for (int32_t d = 0; d < inputs; d++) {
                sum += *weights++ * (from[d] - head[2]);
            }
            sum = (int32_t)((uint32_t)sum + security_read_word(bias + 4 * channel));
            const int32_t y = security_rescale(sum, head[6], head[7]) + head[3];
            to[channel] = (int8_t)security_clamp_value(y, head[4], head[5]);
        }
        at = bias + 4 * outputs + ((inputs * outputs + 3) & ~3);
        from = to;
    }
    security_softmax(1, outputs, (int32_t)security_read_word(image + 20),
                     (int32_t)security_read_word(image + 24), (int32_t)security_read_word(image + 28), from,
                     output);
}

int security_check(const uint8_t *sealed, uint32_t bytes, const uint8_t *key, uint32_t least_version)
{
    uint8_t tag[SECURITY_TAG_BYTES];
    if (bytes < 32 + SECURITY_TAG_BYTES) return SECURITY_WRONG_SIZE;
    const uint32_t image_bytes = bytes - SECURITY_TAG_BYTES;
    security_hmac_sha256(key, sealed, image_bytes, tag);
    if (!security_same_bytes(tag, sealed + image_bytes, SECURITY_TAG_BYTES)) return SECURITY_WRONG_TAG;
    if (!security_image_fits(sealed, image_bytes)) return SECURITY_WRONG_LAYOUT;
    return security_version(sealed) < least_version ? SECURITY_OLD : SECURITY_GOOD;
}

uint32_t security_version(const uint8_t *sealed)
{
    return security_read_word(sealed + 8);
}

void security_run(const uint8_t *sealed, const int8_t *input, int8_t *output)
{
    security_dense_image(sealed, input, output);
}

void security_hmac(const uint8_t *key, const uint8_t *message, uint32_t bytes, uint8_t *tag)
{
    security_hmac_sha256(key, message, bytes, tag);
}

int security_read_output(const int8_t *output, float *scores)
{
    int best = 0;
    for (int c = 0; c < SECURITY_CLASSES; c++) {
        scores[c] = (float)(output[c] - SECURITY_OUTPUT_ZERO_POINT) * SECURITY_OUTPUT_SCALE;
        best = output[c] > output[best] ? c : best;
    }
    return best;
}

const char *security_reason(int status)
{
    static const char *const reasons[5] = {
        "it is in order",
        "its size cannot be",
        "its tag is wrong: damaged, or made by somebody else",
        "it is for another sketch",
        "it is no newer than the one at work"
    };
    return status >= 0 && status < 5 ? reasons[status] : "of an unknown reason";
}

const char *const security_class_names[SECURITY_CLASSES] = {"still", "walk", "run"};

const uint8_t security_sealed[SECURITY_SEALED_BYTES] SECURITY_ALIGNED = {
    84, 77, 68, 49, 3, 0, 0, 0, 1, 0, 0, 0, 124, 4, 0, 0, 95, 100, 29, 65, 0, 193, 147, 68, 24,
    0, 0, 0, 132, 255, 255, 255, 8, 0, 0, 0, 32, 0, 0, 0, 187, 255, 255, 255, 128, 255, 255,
    255, 128, 255, 255, 255, 127, 0, 0, 0, 220, 159, 22, 91, 250, 255, 255, 255, 173, 252, 255,
    255, 215, 14, 0, 0, 112, 3, 0, 0, 100, 255, 255, 255, 252, 248, 255, 255, 122, 254, 255,
    255, 201, 255, 255, 255, 20, 11, 0, 0, 219, 250, 255, 255, 184, 0, 0, 0, 87, 2, 0, 0, 138,
    9, 0, 0, 34, 248, 255, 255, 5, 255, 255, 255, 208, 253, 255, 255, 143, 9, 0, 0, 183, 6, 0,
    0, 107, 253, 255, 255, 163, 247, 255, 255, 59, 254, 255, 255, 121, 10, 0, 0, 114, 248, 255,
    255, 160, 254, 255, 255, 186, 248, 255, 255, 94, 249, 255, 255, 98, 249, 255, 255, 243,
    253, 255, 255, 245, 9, 0, 0, 33, 0, 0, 0, 244, 0, 0, 0, 118, 0, 0, 0, 112, 251, 255, 255,
    34, 62, 9, 199, 233, 228, 95, 108, 235, 191, 206, 80, 250, 30, 31, 231, 1, 19, 246, 25,
    235, 46, 220, 62, 242, 25, 60, 245, 2, 8, 14, 44, 203, 214, 12, 198, 28, 12, 219, 252, 2,
    234, 4, 212, 50, 20, 13, 86, 204, 10, 46, 187, 241, 193, 145, 27, 33, 222, 39, 20, 247,
    208, 31, 26, 221, 57, 248, 6, 218, 241, 77, 38, 38, 48, 25, 23, 224, 238, 10, 82, 159, 15,
    5, 245, 211, 247, 189, 33, 232, 216, 227, 25, 200, 12, 208, 37, 232, 219, 242, 6, 39, 208,
    172, 240, 252, 46, 25, 60, 42, 254, 198, 245, 59, 67, 214, 253, 217, 39, 244, 12, 219, 252,
    31, 6, 209, 222, 220, 50, 175, 4, 21, 20, 254, 227, 33, 60, 245, 69, 0, 239, 1, 237, 22,
    26, 184, 251, 236, 225, 13, 22, 135, 197, 254, 69, 203, 232, 36, 222, 85, 74, 233, 207, 15,
    197, 15, 25, 251, 237, 210, 27, 233, 182, 234, 208, 136, 202, 21, 39, 40, 6, 241, 39, 56,
    66, 222, 200, 16, 246, 224, 203, 159, 236, 218, 229, 242, 236, 33, 215, 181, 203, 7, 254,
    6, 194, 249, 4, 230, 228, 34, 84, 249, 230, 51, 49, 20, 3, 234, 182, 237, 214, 216, 15,
    247, 12, 7, 21, 240, 248, 252, 2, 33, 27, 16, 230, 11, 44, 216, 207, 46, 217, 253, 49, 6,
    41, 1, 48, 222, 18, 35, 50, 232, 200, 248, 236, 22, 127, 32, 0, 0, 0, 16, 0, 0, 0, 128,
    255, 255, 255, 128, 255, 255, 255, 128, 255, 255, 255, 127, 0, 0, 0, 224, 213, 70, 73, 249,
    255, 255, 255, 235, 4, 0, 0, 54, 250, 255, 255, 193, 252, 255, 255, 174, 251, 255, 255, 64,
    248, 255, 255, 222, 251, 255, 255, 46, 14, 0, 0, 144, 255, 255, 255, 30, 249, 255, 255,
    223, 252, 255, 255, 51, 11, 0, 0, 245, 247, 255, 255, 182, 254, 255, 255, 120, 9, 0, 0, 2,
    8, 0, 0, 193, 7, 0, 0, 53, 15, 246, 232, 250, 9, 16, 16, 8, 27, 12, 17, 198, 253, 38, 5, 7,
    6, 221, 51, 17, 23, 8, 246, 210, 202, 41, 251, 239, 236, 17, 74, 79, 233, 253, 8, 244, 36,
    244, 224, 8, 33, 193, 241, 242, 247, 6, 3, 39, 41, 232, 57, 219, 31, 54, 228, 238, 224, 9,
    250, 238, 2, 241, 61, 74, 243, 29, 0, 244, 63, 238, 241, 31, 46, 193, 251, 240, 218, 7,
    129, 36, 52, 15, 17, 141, 226, 59, 240, 242, 222, 15, 165, 35, 219, 236, 24, 8, 168, 250,
    244, 62, 234, 16, 237, 247, 222, 0, 24, 17, 246, 207, 24, 192, 18, 32, 236, 17, 19, 225,
    46, 26, 34, 28, 44, 230, 29, 210, 234, 244, 222, 218, 23, 65, 240, 23, 233, 255, 220, 40,
    228, 13, 31, 32, 25, 220, 14, 43, 17, 16, 18, 3, 56, 58, 1, 218, 224, 229, 8, 3, 18, 5,
    209, 15, 230, 24, 242, 33, 221, 21, 207, 45, 41, 72, 241, 243, 250, 218, 241, 43, 22, 249,
    59, 5, 31, 72, 23, 16, 15, 213, 221, 21, 17, 185, 81, 13, 29, 243, 28, 249, 79, 246, 235,
    255, 66, 162, 41, 255, 39, 249, 212, 168, 210, 7, 235, 8, 233, 216, 9, 228, 74, 21, 61, 5,
    218, 250, 32, 213, 252, 253, 209, 197, 253, 0, 227, 252, 4, 233, 26, 12, 237, 238, 233,
    233, 28, 44, 217, 240, 246, 226, 5, 47, 34, 242, 12, 24, 209, 33, 219, 236, 12, 13, 25,
    254, 234, 244, 228, 17, 27, 40, 238, 220, 240, 201, 227, 59, 252, 43, 54, 9, 49, 38, 243,
    15, 239, 253, 255, 22, 7, 61, 237, 21, 246, 34, 13, 236, 214, 31, 55, 213, 243, 222, 240,
    38, 245, 9, 1, 235, 249, 238, 21, 59, 13, 26, 11, 254, 226, 27, 215, 11, 86, 170, 82, 32,
    225, 227, 236, 2, 44, 211, 9, 246, 61, 206, 58, 24, 19, 240, 234, 168, 6, 22, 193, 216, 11,
    248, 214, 252, 47, 231, 23, 20, 173, 212, 166, 241, 230, 47, 243, 33, 229, 19, 0, 45, 225,
    87, 249, 10, 21, 224, 3, 45, 13, 233, 26, 232, 57, 56, 39, 250, 245, 7, 239, 226, 24, 13,
    0, 227, 241, 8, 245, 227, 10, 224, 253, 9, 249, 237, 234, 23, 15, 20, 245, 229, 19, 210,
    250, 5, 226, 230, 27, 239, 3, 236, 1, 255, 232, 189, 110, 255, 254, 215, 252, 11, 48, 218,
    229, 35, 51, 185, 43, 248, 37, 66, 220, 166, 253, 10, 251, 19, 240, 218, 226, 34, 242, 20,
    226, 18, 217, 4, 70, 10, 232, 234, 43, 221, 66, 243, 31, 13, 29, 190, 248, 248, 35, 46, 18,
    214, 27, 48, 218, 43, 218, 239, 249, 42, 250, 40, 43, 29, 3, 247, 46, 52, 63, 225, 10, 35,
    76, 204, 227, 19, 53, 18, 250, 246, 65, 62, 0, 220, 233, 62, 21, 226, 249, 13, 237, 206,
    52, 224, 14, 218, 220, 16, 0, 0, 0, 3, 0, 0, 0, 128, 255, 255, 255, 211, 255, 255, 255,
    128, 255, 255, 255, 127, 0, 0, 0, 39, 73, 97, 81, 248, 255, 255, 255, 255, 252, 255, 255,
    96, 3, 0, 0, 46, 253, 255, 255, 189, 17, 22, 26, 60, 22, 182, 53, 60, 218, 174, 71, 1, 234,
    187, 37, 13, 203, 182, 216, 190, 214, 23, 28, 176, 161, 65, 177, 223, 102, 78, 75, 58, 81,
    72, 195, 231, 224, 154, 209, 217, 55, 129, 251, 206, 19, 53, 208, 2, 230, 107, 19, 139,
    194, 79, 11, 159, 15, 50, 30, 99, 77, 197, 0, 3, 142, 124, 140, 55, 141, 231, 173, 8, 10,
    15, 13, 200, 17, 92, 53
};
