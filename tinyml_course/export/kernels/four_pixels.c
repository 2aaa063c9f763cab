/* needs: small_requantize */
/* All filters at four pixels, for cores without DSP instructions: two products in a multiplication.
 *
 * - A word holds two pixels, 65536 * x_1 + x_0. Its product with a weight holds both products.
 * - Two such products are added: `pair`. While both sums in it fit 16 bits, the upper one is
 *   (pair + 32768) >> 16, because the lower one takes or gives at most a half. The exporter checks
 *   that |weight| + |next weight| is at most 255.
 * - `high` adds up these upper sums. `all` adds up the pairs whole, modulo 2^32: in the end it is
 *   65536 * high + low, which gives the lower sum.
 *
 * So 8 products take 4 multiplications. Thumb-1 code has eight registers for arithmetic: weight
 * and words take them all, the sums stay in r8 to r11, which only ADD and MOV can reach. Compilers
 * do not find that; so there the function is written in assembly, by the same steps. */
typedef struct {
    const uint32_t *patch;   /* for each weight: a word with pixels 0 and 1, one with 2 and 3 */
    const int32_t *weights;  /* int8, filter by filter, each filled up to whole words */
    const int32_t *channels; /* for each filter: bias, multiplier, shift */
    int8_t *output;          /* of pixel 0 */
    int32_t offset[3];       /* from there to the outputs of the other pixels */
    const uint32_t *patch_end;
    int32_t filters;
    int32_t twice_zero_point_and_one;
} model_four_pixels_task;

#if MODEL_THUMB1
__attribute__((naked, noinline, used)) static void
model_four_pixels(const model_four_pixels_task *task __attribute__((unused)))
{
    __asm__(
        ".syntax unified\n"
        "push {r4-r7, lr}\n"
        "mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n"
        "push {r4-r7}\n"
        "sub sp, #40\n" /* the task, where one instruction reaches it */
        "mov r1, sp\n"
        "ldmia r0!, {r2-r6}\n stmia r1!, {r2-r6}\n"
        "ldmia r0!, {r2-r6}\n stmia r1!, {r2-r6}\n"
        "movs r0, #128\n lsls r0, r0, #8\n mov r12, r0\n" /* r12 = 32768 */

        "1:\n" /* a filter: r8, r9 = all; r10, r11 = high; both begin with the bias */
        "ldr r2, [sp, #8]\n"
        "ldr r0, [r2]\n"
        "mov r10, r0\n mov r11, r0\n"
        "lsls r1, r0, #16\n adds r1, r1, r0\n"
        "mov r8, r1\n mov r9, r1\n"
        "ldr r0, [sp, #28]\n mov lr, r0\n" /* the patch's end */
        "ldr r0, [sp]\n" /* the patch */
        "ldr r1, [sp, #4]\n" /* the weights */

        "2:\n" /* four weights, from the lowest byte of r2 to its highest */
        "ldmia r1!, {r2}\n"
        "sxtb r3, r2\n"
        "ldmia r0!, {r4-r7}\n"
        "muls r4, r3, r4\n muls r5, r3, r5\n"
        "lsls r3, r2, #16\n asrs r3, r3, #24\n"
        "muls r6, r3, r6\n muls r7, r3, r7\n"
        "adds r4, r4, r6\n adds r5, r5, r7\n" /* the pair */
        "add r8, r4\n add r9, r5\n"
        "add r4, r12\n add r5, r12\n"
        "asrs r4, r4, #16\n asrs r5, r5, #16\n"
        "add r10, r4\n add r11, r5\n"
        "asrs r3, r2, #16\n sxtb r3, r3\n"
        "ldmia r0!, {r4-r7}\n"
        "muls r4, r3, r4\n muls r5, r3, r5\n"
        "asrs r3, r2, #24\n"
        "muls r6, r3, r6\n muls r7, r3, r7\n"
        "adds r4, r4, r6\n adds r5, r5, r7\n"
        "add r8, r4\n add r9, r5\n"
        "add r4, r12\n add r5, r12\n"
        "asrs r4, r4, #16\n asrs r5, r5, #16\n"
        "add r10, r4\n add r11, r5\n"
        "cmp r0, lr\n bne 2b\n"

        "str r1, [sp, #4]\n"
        "ldr r2, [sp, #8]\n adds r2, #4\n"
        "ldmia r2!, {r5, r7}\n" /* multiplier, shift */
        "str r2, [sp, #8]\n"
        "uxth r6, r5\n lsrs r5, r5, #16\n" /* the multiplier's halves: r5 above, r6 below */
        "movs r4, r7\n subs r7, #1\n"
        "ldr r3, [sp, #36]\n lsls r3, r7\n movs r7, r3\n" /* rounding */

        "mov r0, r10\n lsls r1, r0, #16\n mov r0, r8\n subs r0, r0, r1\n" /* pixel 0 */
        "bl 4f\n"
        "ldr r3, [sp, #12]\n strb r0, [r3]\n"
        "mov r0, r11\n lsls r1, r0, #16\n mov r0, r9\n subs r0, r0, r1\n" /* pixel 2 */
        "bl 4f\n"
        "ldr r1, [sp, #20]\n strb r0, [r3, r1]\n"
        "mov r0, r10\n" /* pixel 1 */
        "bl 4f\n"
        "ldr r1, [sp, #16]\n strb r0, [r3, r1]\n"
        "mov r0, r11\n" /* pixel 3 */
        "bl 4f\n"
        "ldr r1, [sp, #24]\n strb r0, [r3, r1]\n"
        "adds r3, #1\n str r3, [sp, #12]\n"
        "ldr r0, [sp, #32]\n subs r0, #1\n str r0, [sp, #32]\n"
        "bne 1b\n"

        "add sp, #40\n"
        "pop {r4-r7}\n"
        "mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n"
        "pop {r4-r7, pc}\n"

        "4:\n" MODEL_THUMB1_REQUANTIZE);
}
#else
/* `all` is 65536 * high + low. */
MODEL_INLINE int32_t model_lower_sum(uint32_t all, int32_t high)
{
    return (int32_t)(all - ((uint32_t)high << 16));
}

/* Two filters at a time: the words of pixels are loaded once for both. */
MODEL_HOT
static void model_four_pixels(const model_four_pixels_task *task)
{
    const int32_t offset_1 = task->offset[0], offset_2 = task->offset[1], offset_3 = task->offset[2];
    const uint32_t *const patch = task->patch, *const end = task->patch_end;
    const int32_t depth = (int32_t)(end - patch) >> 1;
    const int8_t *w = (const int8_t *)(const void *)task->weights;
    const int32_t *channel = task->channels;
    int8_t *output = task->output;
    for (int32_t rest = task->filters; rest > 0; rest -= 2) {
        const int8_t *v = rest > 1 ? w + depth : w; /* the last filter may be alone: twice */
        const int32_t next = rest > 1 ? 3 : 0;
        int32_t high_0 = channel[0], high_2 = high_0, high_4 = channel[next], high_6 = high_4;
        uint32_t all_0 = (uint32_t)high_0 * 65537u, all_2 = all_0;
        uint32_t all_4 = (uint32_t)high_4 * 65537u, all_6 = all_4;
#define MODEL_ADD(number, pair) \
    do { \
        const uint32_t sums = (pair); \
        all_##number += sums; \
        high_##number += (int32_t)(sums + 32768u) >> 16; \
    } while (0)
        for (const uint32_t *x = patch; x != end; x += 8) {
            uint32_t a = (uint32_t)w[0], b = (uint32_t)w[1];
            uint32_t c = (uint32_t)v[0], d = (uint32_t)v[1];
            MODEL_ADD(0, a * x[0] + b * x[2]);
            MODEL_ADD(4, c * x[0] + d * x[2]);
            MODEL_ADD(2, a * x[1] + b * x[3]);
            MODEL_ADD(6, c * x[1] + d * x[3]);
            MODEL_IN_ORDER;
            a = (uint32_t)w[2], b = (uint32_t)w[3];
            c = (uint32_t)v[2], d = (uint32_t)v[3];
            MODEL_ADD(0, a * x[4] + b * x[6]);
            MODEL_ADD(4, c * x[4] + d * x[6]);
            MODEL_ADD(2, a * x[5] + b * x[7]);
            MODEL_ADD(6, c * x[5] + d * x[7]);
            MODEL_IN_ORDER;
            w += 4;
            v += 4;
        }
        w = v;
#undef MODEL_ADD
#define MODEL_STORE(first, second, at) \
    do { \
        const int32_t low = (int32_t)(all_##first - ((uint32_t)high_##first << 16)); \
        (at)[second ? offset_2 : 0] = model_small_requantize(low, multiplier, rounding, shift); \
        (at)[second ? offset_3 : offset_1] = \
            model_small_requantize(high_##first, multiplier, rounding, shift); \
    } while (0)
        int32_t multiplier = channel[1], shift = channel[2];
        int32_t rounding = model_small_rounding(task->twice_zero_point_and_one, shift);
        MODEL_STORE(0, 0, output);
        MODEL_STORE(2, 1, output);
        channel += next;
        output += rest > 1;
        multiplier = channel[1], shift = channel[2];
        rounding = model_small_rounding(task->twice_zero_point_and_one, shift);
        MODEL_STORE(4, 0, output);
        MODEL_STORE(6, 1, output);
#undef MODEL_STORE
        channel += 3;
        output++;
    }
}
#endif
