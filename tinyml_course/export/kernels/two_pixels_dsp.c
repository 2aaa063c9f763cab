/* needs: dsp_requantize */
/* All filters on the widened patches of two pixels, four at a time, for cores with DSP
 * instructions.
 *
 * - Two filters a and b share a halfword: 256 * a + b. One SMLAD with a word of two input values
 *   adds both filters' products, 256 * A + B; SXTB16 leaves b alone, a second SMLAD adds B; and
 *   A is the difference / 256. So one instruction widens the weights of two filters. The exporter
 *   checks that A fits 24 bits; what overflows on the way is harmless, all is modulo 2^32.
 * - 16 products take 12 instructions: 8 SMLAD, 2 SXTB16, 2 LDRD. They want all 14 registers, which
 *   not every compiler finds: so Thumb-2 code is assembly, and the C beside it says the same. */
typedef struct {
    const uint32_t *values, *values_end; /* two pixels' patches, their words taking turns */
    int32_t twice_zero_point_and_one;
    int8_t *output;
    int32_t second; /* from the first pixel's outputs to the second's */
    int32_t filters;
    int32_t is_odd; /* whether the depth is an odd number of fours */
    const int32_t *weights;
    const int32_t *channels; /* of four filters: where the sums begin; multipliers and shifts */
    int8_t rest[8]; /* results of the last one to three filters, at 0 and at 4 */
} model_two_pixels_task;

#if MODEL_HAS_DSP
/* sp: the task, first the address of `rest`. r4 to r11: of each pixel the sums 256 * A + B and B,
 * then the same of the other two filters. r12: weights; r1: values; the rest is for a moment. */
__attribute__((naked, noinline, used)) static void
model_two_pixels(model_two_pixels_task *task __attribute__((unused)))
{
    __asm__(
        ".syntax unified\n"
        "push {r4-r11, lr}\n"
        "ldmia r0!, {r1-r9}\n"
        "push {r0-r9}\n"
        "mov r12, r8\n mov r3, r9\n"
        "1:\n" /* four filters */
        "ldrd r4, r6, [r3], #8\n ldrd r8, r10, [r3], #8\n"
        "str r3, [sp, #36]\n"
        "mov r5, r4\n mov r7, r6\n mov r9, r8\n mov r11, r10\n"
        "ldr r1, [sp, #4]\n"
        "ldr r0, [sp, #28]\n cbnz r0, 3f\n"
#define MODEL_STEP \
    "ldrd r2, r3, [r12], #8\n ldrd r0, lr, [r1], #8\n" \
    "smlad r4, r2, r0, r4\n smlad r5, r2, lr, r5\n" \
    "sxtb16 r2, r2\n" \
    "smlad r6, r2, r0, r6\n smlad r7, r2, lr, r7\n" \
    "smlad r8, r3, r0, r8\n smlad r9, r3, lr, r9\n" \
    "sxtb16 r3, r3\n" \
    "smlad r10, r3, r0, r10\n smlad r11, r3, lr, r11\n"
        "2:\n" MODEL_STEP MODEL_STEP
        "3:\n" MODEL_STEP MODEL_STEP
        "ldr r0, [sp, #8]\n cmp r1, r0\n bne 2b\n"
#undef MODEL_STEP
        "ldr r3, [sp, #36]\n"
        "sub r4, r4, r6\n asr r4, r4, #7\n sub r5, r5, r7\n asr r5, r5, #7\n" /* 2 * A */
        "lsl r6, r6, #1\n lsl r7, r7, #1\n"
        "sub r8, r8, r10\n asr r8, r8, #7\n sub r9, r9, r11\n asr r9, r9, #7\n"
        "lsl r10, r10, #1\n lsl r11, r11, #1\n"
/* As model_dsp_requantize: r0 multiplier, r1 shift, r2 rounding. */
#define MODEL_SCALE "ldrd r0, r1, [r3], #8\n ldr r2, [sp, #12]\n lsl r2, r2, r1\n"
#define MODEL_REQUANTIZE(to, doubled) \
    "smmlar lr, " doubled ", r0, r2\n add lr, lr, " doubled ", asr #31\n" \
    "asr lr, lr, r1\n ssat " to ", #8, lr, asr #1\n"
        MODEL_SCALE
        MODEL_REQUANTIZE("r4", "r4") MODEL_REQUANTIZE("r5", "r5")
        MODEL_SCALE
        MODEL_REQUANTIZE("lr", "r6") "bfi r4, lr, #8, #8\n"
        MODEL_REQUANTIZE("lr", "r7") "bfi r5, lr, #8, #8\n"
        MODEL_SCALE
        MODEL_REQUANTIZE("lr", "r8") "bfi r4, lr, #16, #8\n"
        MODEL_REQUANTIZE("lr", "r9") "bfi r5, lr, #16, #8\n"
        MODEL_SCALE
        MODEL_REQUANTIZE("lr", "r10") "bfi r4, lr, #24, #8\n"
        MODEL_REQUANTIZE("lr", "r11") "bfi r5, lr, #24, #8\n"
#undef MODEL_REQUANTIZE
#undef MODEL_SCALE
        "ldr r0, [sp, #16]\n ldr r1, [sp, #20]\n"
        "ldr r2, [sp, #24]\n subs r2, r2, #4\n blt 4f\n"
        "str r5, [r0, r1]\n str r4, [r0], #4\n" /* at any address */
        "str r0, [sp, #16]\n str r2, [sp, #24]\n"
        "bne 1b\n b 5f\n"
        "4:\n" /* not all of the last four exist */
        "ldr r0, [sp]\n strd r4, r5, [r0]\n"
        "5:\n"
        "add sp, #40\n"
        "pop {r4-r11, pc}\n");
}
#else
MODEL_HOT
static void model_two_pixels(model_two_pixels_task *task)
{
    const int32_t *weights = task->weights, *channel = task->channels;
    int8_t *output = task->output;
    for (int32_t left = task->filters; left > 0; left -= 4) {
        const int32_t *values = (const int32_t *)(const void *)task->values;
        const int32_t *const end = (const int32_t *)(const void *)task->values_end;
        uint32_t ab_0, b_0, cd_0, d_0;
        model_next_two(&channel, &ab_0, &b_0);
        model_next_two(&channel, &cd_0, &d_0);
        uint32_t ab_1 = ab_0, b_1 = b_0, cd_1 = cd_0, d_1 = d_0;
        while (values != end) { /* two values of both pixels */
            uint32_t w_ab, w_cd, x_0, x_1;
            model_next_two(&weights, &w_ab, &w_cd);
            model_next_two(&values, &x_0, &x_1);
            ab_0 = model_smlad(w_ab, x_0, ab_0);
            ab_1 = model_smlad(w_ab, x_1, ab_1);
            w_ab = model_sxtb16(w_ab);
            b_0 = model_smlad(w_ab, x_0, b_0);
            b_1 = model_smlad(w_ab, x_1, b_1);
            cd_0 = model_smlad(w_cd, x_0, cd_0);
            cd_1 = model_smlad(w_cd, x_1, cd_1);
            w_cd = model_sxtb16(w_cd);
            d_0 = model_smlad(w_cd, x_0, d_0);
            d_1 = model_smlad(w_cd, x_1, d_1);
        }
        int8_t *to_0 = left < 4 ? task->rest : output;
        int8_t *to_1 = left < 4 ? task->rest + 4 : output + task->second;
/* A filter's results for both pixels; 256 * A / 128 is 2 * A. */
#define MODEL_STORE(doubled_0, doubled_1) \
    do { \
        uint32_t multiplier, shift; \
        model_next_two(&channel, &multiplier, &shift); \
        int32_t rounding = \
            model_dsp_rounding(task->twice_zero_point_and_one, (int32_t)shift); \
        *to_0++ = model_dsp_requantize((int32_t)(doubled_0), (int32_t)multiplier, rounding, \
                                       (int32_t)shift); \
        *to_1++ = model_dsp_requantize((int32_t)(doubled_1), (int32_t)multiplier, rounding, \
                                       (int32_t)shift); \
    } while (0)
        MODEL_STORE((int32_t)(ab_0 - b_0) >> 7, (int32_t)(ab_1 - b_1) >> 7);
        MODEL_STORE(b_0 << 1, b_1 << 1);
        MODEL_STORE((int32_t)(cd_0 - d_0) >> 7, (int32_t)(cd_1 - d_1) >> 7);
        MODEL_STORE(d_0 << 1, d_1 << 1);
#undef MODEL_STORE
        output += 4;
    }
}
#endif
