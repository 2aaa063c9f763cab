/* needs: small_requantize */
/* Outputs of one channel under a 3x3 filter, two neighbours of a row at a time, for cores without
 * DSP instructions: two products in a multiplication, as in four_pixels.c. A word of the plane
 * holds a pixel and the one `stride` to its right, 65536 * x_1 + x_0: one weight serves both. */
typedef struct {
    const uint32_t *plane;
    int32_t row_bytes, next_plane; /* from a row to the next; from an output row's to the next's */
    int8_t *output;
    int32_t step, next_row;        /* of the output: from a pixel, from a row, to the next */
    int32_t count, rows;           /* outputs in a row, rows */
    int32_t advance;               /* bytes of the plane from two outputs to the next two */
    int32_t bias, multiplier, rounding, shift;
    int32_t weight[9];
} model_depthwise_task;

#if MODEL_THUMB1
__attribute__((naked, noinline, used)) static void
model_depthwise_rows(const model_depthwise_task *task __attribute__((unused)))
{
    __asm__(
        ".syntax unified\n"
        "push {r4-r7, lr}\n"
        "mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n"
        "push {r4-r7}\n"
        "sub sp, #100\n" /* the task, where one instruction reaches it */
        "mov r1, sp\n"
        "ldmia r0!, {r2-r6}\n stmia r1!, {r2-r6}\n"
        "ldmia r0!, {r2-r6}\n stmia r1!, {r2-r6}\n"
        "ldmia r0!, {r4-r6}\n" /* sp + 40: the multiplier's upper and lower half; then the rest */
        "uxth r3, r4\n lsrs r2, r4, #16\n movs r4, r5\n movs r5, r6\n"
        "stmia r1!, {r2-r5}\n"
        "ldmia r0!, {r2-r6}\n stmia r1!, {r2-r6}\n"
        "ldmia r0!, {r2-r5}\n stmia r1!, {r2-r5}\n" /* sp + 56: nine weights */

        "1:\n" /* a row; r8 to r10: the plane's rows */
        "ldr r0, [sp]\n ldr r1, [sp, #4]\n"
        "mov r8, r0\n adds r2, r0, r1\n mov r9, r2\n adds r2, r2, r1\n mov r10, r2\n"
        "ldr r1, [sp, #8]\n adds r0, r0, r1\n str r0, [sp]\n"
        "ldr r0, [sp, #12]\n str r0, [sp, #92]\n" /* the output */
        "ldr r1, [sp, #20]\n adds r0, r0, r1\n str r0, [sp, #12]\n"
        "ldr r0, [sp, #24]\n str r0, [sp, #96]\n" /* how many are left */
        "ldr r0, [sp, #32]\n mov r11, r0\n"

        "2:\n" /* two outputs; r6 = all, r7 = high */
        "mov r0, r8\n mov r1, r9\n mov r2, r10\n"
        "ldr r7, [sp, #36]\n lsls r6, r7, #16\n adds r6, r6, r7\n"
#define MODEL_PAIR(row_a, at_a, weight_a, row_b, at_b, weight_b) \
    "ldr r3, [sp, #56 + 4 * " #weight_a "]\n ldr r4, [" #row_a ", #" #at_a "]\n" \
    "muls r4, r3, r4\n" \
    "ldr r3, [sp, #56 + 4 * " #weight_b "]\n ldr r5, [" #row_b ", #" #at_b "]\n" \
    "muls r5, r3, r5\n" \
    "adds r4, r4, r5\n adds r6, r6, r4\n" \
    "asrs r4, r4, #16\n adcs r7, r4\n" /* the carry is bit 15: it rounds */
        MODEL_PAIR(r0, 0, 0, r0, 4, 1)
        MODEL_PAIR(r0, 8, 2, r1, 0, 3)
        MODEL_PAIR(r1, 4, 4, r1, 8, 5)
        MODEL_PAIR(r2, 0, 6, r2, 4, 7)
#undef MODEL_PAIR
        "ldr r3, [sp, #88]\n ldr r4, [r2, #8]\n muls r4, r3, r4\n"
        "adds r6, r6, r4\n asrs r4, r4, #16\n adcs r7, r4\n"
        "add r8, r11\n add r9, r11\n add r10, r11\n"
        "mov r12, r7\n"
        "lsls r4, r7, #16\n subs r0, r6, r4\n" /* the lower sum */
        "add r4, sp, #40\n ldmia r4!, {r5-r7}\n ldr r4, [r4]\n"
        "bl 4f\n"
        "ldr r3, [sp, #92]\n strb r0, [r3]\n"
        "ldr r2, [sp, #96]\n subs r2, #1\n beq 3f\n"
        "ldr r1, [sp, #16]\n adds r3, r3, r1\n"
        "mov r0, r12\n mov r12, r3\n" /* the upper sum */
        "bl 4f\n"
        "mov r3, r12\n strb r0, [r3]\n"
        "ldr r1, [sp, #16]\n adds r3, r3, r1\n str r3, [sp, #92]\n"
        "ldr r2, [sp, #96]\n subs r2, #2\n str r2, [sp, #96]\n"
        "bne 2b\n"

        "3:\n"
        "ldr r0, [sp, #28]\n subs r0, #1\n str r0, [sp, #28]\n"
        "bne 1b\n"
        "add sp, #100\n"
        "pop {r4-r7}\n"
        "mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n"
        "pop {r4-r7, pc}\n"

        "4:\n" MODEL_THUMB1_REQUANTIZE);
}
#else
MODEL_HOT
static void model_depthwise_rows(const model_depthwise_task *task)
{
    const int32_t *w = task->weight;
    const uint32_t w_0 = (uint32_t)w[0], w_1 = (uint32_t)w[1], w_2 = (uint32_t)w[2];
    const uint32_t w_3 = (uint32_t)w[3], w_4 = (uint32_t)w[4], w_5 = (uint32_t)w[5];
    const uint32_t w_6 = (uint32_t)w[6], w_7 = (uint32_t)w[7], w_8 = (uint32_t)w[8];
    const int32_t row_words = task->row_bytes >> 2, advance = task->advance >> 2;
    const int32_t step = task->step, bias = task->bias;
    const int32_t multiplier = task->multiplier, rounding = task->rounding, shift = task->shift;
    const uint32_t *plane = task->plane;
    int8_t *row = task->output;
    for (int32_t rows = task->rows; rows > 0; rows--) {
        const uint32_t *a = plane, *b = a + row_words, *c = b + row_words;
        int8_t *output = row;
        for (int32_t rest = task->count; rest > 0; rest -= 2) {
            int32_t high = bias;
            uint32_t all = (uint32_t)bias * 65537u;
#define MODEL_ADD(pair) \
    do { \
        const uint32_t sums = (pair); \
        all += sums; \
        high += (int32_t)(sums + 32768u) >> 16; \
    } while (0)
            MODEL_ADD(w_0 * a[0] + w_1 * a[1]);
            MODEL_ADD(w_2 * a[2] + w_3 * b[0]);
            MODEL_ADD(w_4 * b[1] + w_5 * b[2]);
            MODEL_ADD(w_6 * c[0] + w_7 * c[1]);
            MODEL_ADD(w_8 * c[2]);
#undef MODEL_ADD
            const int32_t low = (int32_t)(all - ((uint32_t)high << 16));
            *output = model_small_requantize(low, multiplier, rounding, shift);
            output += step;
            if (rest > 1) {
                *output = model_small_requantize(high, multiplier, rounding, shift);
                output += step;
            }
            a += advance;
            b += advance;
            c += advance;
        }
        plane += task->next_plane >> 2;
        row += task->next_row;
    }
}
#endif
