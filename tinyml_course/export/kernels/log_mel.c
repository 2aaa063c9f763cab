/* The log-mel front end: one frame of sound becomes one row of features, in integers throughout.
 * The steps, their ranges and where they round are written in tinyml_course/features/mel.py; a test
 * holds that both give the same rows. Right shifts of negative numbers are arithmetic, as on every
 * compiler of this course. */

/* (a + jb)(c + jd) / 2 with c, d in Q31, kept as the high half of 64-bit sums. */
static int32_t model_high(int64_t product)
{
    return (int32_t)(product >> 32);
}

/* Four points of a radix-4 butterfly; z1, z2 and z3 are already turned, all four are halved. */
static void model_butterfly(int32_t *z, int32_t distance, const int32_t r[4], const int32_t i[4])
{
    const int32_t r02 = r[0] + r[2], r0_2 = r[0] - r[2], r13 = r[1] + r[3], r1_3 = r[1] - r[3];
    const int32_t i02 = i[0] + i[2], i0_2 = i[0] - i[2], i13 = i[1] + i[3], i1_3 = i[1] - i[3];
    z[0] = r02 + r13;
    z[1] = i02 + i13;
    z[2 * distance] = r0_2 + i1_3;
    z[2 * distance + 1] = i0_2 - r1_3;
    z[4 * distance] = r02 - r13;
    z[4 * distance + 1] = i02 - i13;
    z[6 * distance] = r0_2 - i1_3;
    z[6 * distance + 1] = i0_2 + r1_3;
}

/* 256 complex points, in place; they stand in digit-reversed order and come out in order. */
static void model_fft(int32_t *z)
{
    int32_t r[4], i[4];
    for (int32_t n = 0; n < 2 * MODEL_POINTS; n += 8) { /* first stage: every factor is one */
        for (int32_t leg = 0; leg < 4; leg++) {
            r[leg] = z[n + 2 * leg] >> 1;
            i[leg] = z[n + 2 * leg + 1] >> 1;
        }
        model_butterfly(z + n, 1, r, i);
    }
    for (int32_t quarter = 4; quarter < MODEL_POINTS; quarter *= 4) {
        const int32_t step = MODEL_POINTS / (2 * quarter);
        for (int32_t place = 0; place < quarter; place++) {
            const int32_t *turn = model_twiddles + 2 * step * place;
            const int32_t *turn2 = turn + 2 * step * place, *turn3 = turn2 + 2 * step * place;
            const int32_t c1 = turn[0], d1 = turn[1], minus_d1 = -d1;
            const int32_t c2 = turn2[0], d2 = turn2[1], minus_d2 = -d2;
            const int32_t c3 = turn3[0], d3 = turn3[1], minus_d3 = -d3;
            for (int32_t n = place; n < MODEL_POINTS; n += 4 * quarter) {
                int32_t *first = z + 2 * n;
                const int32_t *z1 = first + 2 * quarter;
                const int32_t *z2 = z1 + 2 * quarter;
                const int32_t *z3 = z2 + 2 * quarter;
                r[0] = first[0] >> 1;
                i[0] = first[1] >> 1;
                r[1] = model_high((int64_t)z1[0] * c1 + (int64_t)z1[1] * minus_d1);
                i[1] = model_high((int64_t)z1[0] * d1 + (int64_t)z1[1] * c1);
                r[2] = model_high((int64_t)z2[0] * c2 + (int64_t)z2[1] * minus_d2);
                i[2] = model_high((int64_t)z2[0] * d2 + (int64_t)z2[1] * c2);
                r[3] = model_high((int64_t)z3[0] * c3 + (int64_t)z3[1] * minus_d3);
                i[3] = model_high((int64_t)z3[0] * d3 + (int64_t)z3[1] * c3);
                model_butterfly(first, quarter, r, i);
            }
        }
    }
}

/* The place of the highest set bit plus one, 0 for 0. */
static int32_t model_count_bits(uint64_t value)
{
    int32_t bits = 0;
    uint32_t word = (uint32_t)(value >> 32);
    if (word != 0) {
        bits = 32;
    } else {
        word = (uint32_t)value;
    }
    for (int32_t step = 16; step > 0; step /= 2) {
        if (word >> step != 0) {
            bits += step;
            word >>= step;
        }
    }
    return bits + (int32_t)word;
}

/* log2 in 1/1024: five bits behind the leading one pick a line, eleven the place on it. */
static int32_t model_log2(uint64_t energy)
{
    const int32_t bits = model_count_bits(energy);
    const uint32_t mantissa =
        (uint32_t)(bits > 17 ? energy >> (bits - 17) : energy << (17 - bits)) & 0xFFFFu;
    const uint16_t *line = model_log2_table + (mantissa >> 11);
    const uint32_t rise = (uint32_t)(line[1] - line[0]) * (mantissa & 0x7FFu);
    return ((bits - 1) << 10) + line[0] + (int32_t)((rise + (1u << 10)) >> 11);
}

/* Window one frame into z, as 256 complex points in digit-reversed order; the block's exponent. */
static int32_t model_load_frame(const int16_t *samples, int32_t *z)
{
    int32_t sum = 0;
    for (int32_t n = 0; n < MODEL_WINDOW; n++) {
        sum += samples[n];
    }
    const int32_t mean = (int32_t)(((int64_t)sum * MODEL_MEAN_FACTOR) >> 32);
    uint32_t mask = 0; /* its highest bit is that of the largest magnitude */
    for (int32_t n = 0; n < MODEL_WINDOW; n++) {
        const int32_t x = samples[n] - mean;
        mask |= (uint32_t)(x ^ (x >> 31));
    }
    const int32_t exponent = 10 - model_count_bits(mask);
    const int32_t right = exponent < 0 ? -exponent : 0;
    const int32_t left = exponent > 0 ? exponent : 0;
    memset(z, 0, 2 * MODEL_POINTS * sizeof z[0]);
    for (int32_t n = 0; n < MODEL_WINDOW; n += 2) {
        int32_t *place = z + 2 * model_digit_reversal[n / 2];
        const int32_t even = (samples[n] - mean) * model_hann[n];
        const int32_t odd = (samples[n + 1] - mean) * model_hann[n + 1];
        place[0] = (int32_t)((uint32_t)even << left) >> right;
        place[1] = (int32_t)((uint32_t)odd << left) >> right;
    }
    return exponent;
}

/* Power of bin k of the real spectrum, taken out of the complex one. */
static uint64_t model_power(const int32_t *z, int32_t k)
{
    const int32_t *a = z + 2 * k;
    const int32_t *b = z + 2 * (MODEL_POINTS - k); /* k is never 0: bands begin above */
    const int32_t odd_re = a[1] + b[1], odd_im = b[0] - a[0];
    const int32_t c = model_twiddles[2 * k], d = model_twiddles[2 * k + 1];
    const int32_t re = ((a[0] + b[0]) >> 1) + model_high((int64_t)odd_re * c - (int64_t)odd_im * d);
    const int32_t im = ((a[1] - b[1]) >> 1) + model_high((int64_t)odd_re * d + (int64_t)odd_im * c);
    return (uint64_t)((int64_t)re * re + (int64_t)im * im) >> 12;
}

/* One frame of MODEL_WINDOW samples to one row of MODEL_MELS features. */
void model_row(const int16_t *samples, int8_t *row)
{
    int32_t z[2 * MODEL_POINTS];
    const int32_t exponent = model_load_frame(samples, z);
    model_fft(z);

    uint64_t falling_before = 0;
    const uint8_t *weight = model_mel_weights;
    for (int32_t band = -1; band < MODEL_MELS; band++) {
        /* the bins where this band falls are those where the next one rises */
        uint64_t rising = 0, falling = 0;
        const int32_t end = model_band_starts[band + 2];
        for (int32_t k = model_band_starts[band + 1]; k < end; k++) {
            const uint64_t power = model_power(z, k);
            const uint64_t part = power * *weight++;
            rising += part;
            falling += (power << 8) - part;
        }
        if (band >= 0) {
            const uint64_t energy = falling_before + falling;
            int32_t value = 0; /* no energy at all: as faint as can be */
            if (energy != 0) {
                const int32_t log2 = model_log2(energy) - exponent * 2048 - MODEL_LOG_OFFSET;
                value = (log2 + (1 << 6)) >> 7;
                value = value < 0 ? 0 : value > 255 ? 255 : value;
            }
            row[band] = MODEL_OUTPUT(value);
        }
        falling_before = rising;
    }
}

void model_picture(const int16_t *samples, int8_t *rows)
{
    for (int32_t frame = 0; frame < MODEL_FRAMES; frame++) {
        model_row(samples + frame * MODEL_HOP, rows + frame * MODEL_MELS);
    }
}

static int16_t model_heard[MODEL_WINDOW];
static int8_t model_rows[MODEL_FRAMES * MODEL_MELS];
static int32_t model_has_begun;

const int8_t *model_push(const int16_t *samples)
{
    const size_t kept = MODEL_WINDOW - MODEL_HOP;
    if (!model_has_begun) {
        model_reset();
    }
    memmove(model_heard, model_heard + MODEL_HOP, kept * sizeof model_heard[0]);
    memcpy(model_heard + kept, samples, MODEL_HOP * sizeof model_heard[0]);
    memmove(model_rows, model_rows + MODEL_MELS, sizeof model_rows - MODEL_MELS);
    model_row(model_heard, model_rows + sizeof model_rows - MODEL_MELS);
    return model_rows;
}

void model_reset(void)
{
    memset(model_heard, 0, sizeof model_heard);
    memset(model_rows, MODEL_OUTPUT(0), sizeof model_rows);
    model_has_begun = 1;
}
