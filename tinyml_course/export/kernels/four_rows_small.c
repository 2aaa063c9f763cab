/* needs: small_requantize */
/* Four sums at a time: four rows of weights with the same inputs, for cores without DSP
 * instructions. `sum` comes with the biases and leaves with the sums. Thumb-1 code loads a byte
 * with its sign by two registers only: all five pointers stand behind their rows' ends, and one
 * index runs from -depth to 0. */
typedef struct {
    const int8_t *row[4];   /* behind the end of each row of weights */
    const int8_t *input;    /* behind the end of the inputs */
    int32_t minus_depth;
    int32_t sum[4];
} model_four_rows_task;

#if MODEL_THUMB1
__attribute__((naked, noinline, used)) static void
model_four_rows(model_four_rows_task *task __attribute__((unused)))
{
    __asm__(
        ".syntax unified\n"
        "push {r0, r4-r7, lr}\n"
        "mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n"
        "push {r4-r7}\n"
        "movs r7, r0\n adds r7, #24\n"
        "ldmia r7!, {r1-r4}\n"
        "mov r8, r1\n mov r9, r2\n mov r10, r3\n mov r11, r4\n" /* the sums */
        "movs r7, r0\n"
        "ldmia r7!, {r0-r5}\n" /* r0 to r3: rows; r4: inputs; r5: index */
        "b 2f\n"
#define MODEL_STEP \
    "ldrsb r6, [r4, r5]\n" \
    "ldrsb r7, [r0, r5]\n muls r7, r6, r7\n add r8, r7\n" \
    "ldrsb r7, [r1, r5]\n muls r7, r6, r7\n add r9, r7\n" \
    "ldrsb r7, [r2, r5]\n muls r7, r6, r7\n add r10, r7\n" \
    "ldrsb r7, [r3, r5]\n muls r7, r6, r7\n add r11, r7\n" \
    "adds r5, #1\n"
        "1:\n" MODEL_STEP /* until what is left divides by 4 */
        "2:\n lsls r6, r5, #30\n bne 1b\n"
        "cmp r5, #0\n beq 4f\n"
        "3:\n" MODEL_STEP MODEL_STEP MODEL_STEP MODEL_STEP
        "bne 3b\n"
#undef MODEL_STEP
        "4:\n"
        "mov r1, r8\n mov r2, r9\n mov r3, r10\n mov r0, r11\n"
        "pop {r4-r7}\n"
        "mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n"
        "pop {r4}\n" /* the task */
        "str r1, [r4, #24]\n str r2, [r4, #28]\n str r3, [r4, #32]\n str r0, [r4, #36]\n"
        "pop {r4-r7, pc}\n");
}
#else
MODEL_HOT
static void model_four_rows(model_four_rows_task *task)
{
    int32_t k = task->minus_depth;
    const int8_t *x = task->input + k;
    const int8_t *w_0 = task->row[0] + k, *w_1 = task->row[1] + k;
    const int8_t *w_2 = task->row[2] + k, *w_3 = task->row[3] + k;
    int32_t sum_0 = task->sum[0], sum_1 = task->sum[1];
    int32_t sum_2 = task->sum[2], sum_3 = task->sum[3];
#define MODEL_STEP(i) \
    do { \
        const int32_t value = x[i]; \
        sum_0 += value * w_0[i]; \
        sum_1 += value * w_1[i]; \
        sum_2 += value * w_2[i]; \
        sum_3 += value * w_3[i]; \
        MODEL_IN_ORDER; \
    } while (0)
#define MODEL_ADVANCE(n) \
    do { \
        x += n, w_0 += n, w_1 += n, w_2 += n, w_3 += n; \
    } while (0)
    for (; (k & 7) != 0; k++) {
        MODEL_STEP(0);
        MODEL_ADVANCE(1);
    }
    for (; k != 0; k += 8) {
        MODEL_STEP(0);
        MODEL_STEP(1);
        MODEL_STEP(2);
        MODEL_STEP(3);
        MODEL_STEP(4);
        MODEL_STEP(5);
        MODEL_STEP(6);
        MODEL_STEP(7);
        MODEL_ADVANCE(8);
    }
#undef MODEL_STEP
#undef MODEL_ADVANCE
    task->sum[0] = sum_0;
    task->sum[1] = sum_1;
    task->sum[2] = sum_2;
    task->sum[3] = sum_3;
}
#endif
