/* needs: small_requantize */
/* Rows of weights with the same inputs, four at a time, for a Cortex-M0+: two inputs by four rows
 * take 23 instructions.
 *
 * A word holds an input's weights in four rows, each plus 128. Two masks leave words of two rows,
 * 65536 * b + a: one multiplication gives both rows' products. Two inputs' products are added; the
 * constant that comes with the inputs takes away what the 128s added, and adds 32768: so the lower
 * row's part lies within 0..65535, and a shift by 16 leaves the upper row's alone. As in
 * four_pixels.c the whole, added up modulo 2^32, gives the lower row in the end. */
typedef struct {
    const uint32_t *values; /* of two inputs each: the first, the second, and the constant */
    const uint32_t *values_end, *values_lead; /* to here one by one, then sixteen at a time */
    const uint32_t *weights;
    const int32_t *from; /* of four rows: all and high of rows 0 and 2, then of 1 and 3 */
    int32_t *to;         /* where sums that are not complete go; NULL if they are */
    const int32_t *scaling;
    int32_t scaling_step, twice_zero_point_and_one;
    int8_t *output;
    int32_t rows;
    int8_t rest[4]; /* results of the last one to three rows */
} model_four_rows_pairs_task;

#if MODEL_THUMB1
/* r8 to r11: the sums; r12: the end of the values. sp: the task, the address of
 * `rest`, the mask, and the first row's scale. */
__attribute__((naked, noinline, used)) static void
model_four_rows_pairs(model_four_rows_pairs_task *task __attribute__((unused)))
{
    __asm__(
        ".syntax unified\n"
        "push {r4-r7, lr}\n"
        "mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n"
        "push {r4-r7}\n"
        "sub sp, #68\n"
        "mov r1, sp\n"
        "ldmia r0!, {r2-r7}\n stmia r1!, {r2-r7}\n"
        "ldmia r0!, {r2-r6}\n stmia r1!, {r2-r6}\n"
        "movs r2, #255\n lsls r3, r2, #16\n adds r3, r2, r3\n"
        "movs r2, r0\n stmia r1!, {r2, r3}\n"
/* A row's scale at r2: r4 becomes the shift, r5, r6 the multiplier's halves, r7 the rounding. */
#define MODEL_SCALE \
    "ldmia r2!, {r5, r7}\n uxth r6, r5\n lsrs r5, r5, #16\n movs r4, r7\n subs r7, #1\n" \
    "ldr r3, [sp, #32]\n lsls r3, r7\n movs r7, r3\n"
        "ldr r2, [sp, #24]\n" MODEL_SCALE
        "stmia r1!, {r4-r7}\n"
        "ldr r0, [sp, #4]\n mov r12, r0\n"
        "ldr r1, [sp, #12]\n"

        "1:\n" /* four rows */
        "ldr r0, [sp, #16]\n ldmia r0!, {r4-r7}\n str r0, [sp, #16]\n"
        "mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n"
        "ldr r6, [sp, #48]\n"
        "ldr r0, [sp]\n"
        "ldr r7, [sp, #8]\n cmp r0, r7\n beq 4f\n"
#define MODEL_PAIR \
    "ldmia r0!, {r2-r4}\n" \
    "ldmia r1!, {r5}\n" \
    "lsrs r7, r5, #8\n ands r7, r6\n ands r5, r6\n muls r7, r2, r7\n muls r5, r2, r5\n" \
    "adds r7, r7, r4\n adds r5, r5, r4\n" \
    "ldmia r1!, {r2}\n" \
    "lsrs r4, r2, #8\n ands r4, r6\n ands r2, r6\n muls r4, r3, r4\n muls r2, r3, r2\n" \
    "adds r7, r7, r4\n adds r5, r5, r2\n" \
    "add r8, r5\n asrs r5, r5, #16\n add r9, r5\n" \
    "add r10, r7\n asrs r7, r7, #16\n add r11, r7\n"
        "2:\n" MODEL_PAIR
        "ldr r7, [sp, #8]\n cmp r0, r7\n bne 2b\n"
        "cmp r0, r12\n bne 4f\n b 6f\n" /* conditional branches do not reach that far */
#define MODEL_FOUR_PAIRS MODEL_PAIR MODEL_PAIR MODEL_PAIR MODEL_PAIR
        "4:\n" MODEL_FOUR_PAIRS MODEL_FOUR_PAIRS MODEL_FOUR_PAIRS MODEL_FOUR_PAIRS
        "cmp r0, r12\n beq 6f\n b 4b\n"
#undef MODEL_FOUR_PAIRS
#undef MODEL_PAIR

        "6:\n"
        "str r1, [sp, #12]\n"
        "ldr r0, [sp, #20]\n cmp r0, #0\n beq 7f\n"
        "mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n"
        "stmia r0!, {r4-r7}\n str r0, [sp, #20]\n"
        "b 9f\n"

        "7:\n" /* results; r3: where to */
        "ldr r3, [sp, #40]\n cmp r3, #4\n ldr r3, [sp, #36]\n bge 8f\n"
        "ldr r3, [sp, #44]\n"
        "8:\n"
        "ldr r1, [sp, #28]\n cmp r1, #0\n bne 13f\n"
#define MODEL_LOW(all, high) "mov r0, " all "\n mov r1, " high "\n lsls r1, #16\n subs r0, r0, r1\n"
        "add r1, sp, #52\n ldmia r1!, {r4-r7}\n" /* one scale for all */
        MODEL_LOW("r8", "r9") "bl 11f\n strb r0, [r3]\n"
        MODEL_LOW("r10", "r11") "bl 11f\n strb r0, [r3, #1]\n"
        "mov r0, r9\n bl 11f\n strb r0, [r3, #2]\n"
        "mov r0, r11\n bl 11f\n strb r0, [r3, #3]\n"
        "b 14f\n"
        "13:\n" /* one for each row */
        "mov r12, r3\n"
        "bl 10f\n" MODEL_LOW("r8", "r9") "bl 11f\n mov r3, r12\n strb r0, [r3]\n"
        "bl 10f\n" MODEL_LOW("r10", "r11") "bl 11f\n mov r3, r12\n strb r0, [r3, #1]\n"
        "bl 10f\n mov r0, r9\n bl 11f\n mov r3, r12\n strb r0, [r3, #2]\n"
        "bl 10f\n mov r0, r11\n bl 11f\n mov r3, r12\n strb r0, [r3, #3]\n"
        "ldr r0, [sp, #4]\n mov r12, r0\n"
#undef MODEL_LOW
        "14:\n"
        "adds r3, #4\n str r3, [sp, #36]\n"
        "9:\n"
        "ldr r1, [sp, #12]\n"
        "ldr r0, [sp, #40]\n subs r0, #4\n str r0, [sp, #40]\n"
        "ble 12f\n b 1b\n"
        "12:\n"
        "add sp, #68\n"
        "pop {r4-r7}\n"
        "mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n"
        "pop {r4-r7, pc}\n"

        "10:\n" /* the next row's scale */
        "ldr r2, [sp, #24]\n" MODEL_SCALE "str r2, [sp, #24]\n bx lr\n"
#undef MODEL_SCALE
        "11:\n" MODEL_THUMB1_REQUANTIZE);
}
#else
MODEL_HOT
static void model_four_rows_pairs(model_four_rows_pairs_task *task)
{
    const uint32_t mask = 0x00ff00ffu;
    const uint32_t *weights = task->weights;
    const int32_t *scaling = task->scaling;
    for (int32_t row = 0; row < task->rows; row += 4) {
        uint32_t all_02 = (uint32_t)task->from[row], all_13 = (uint32_t)task->from[row + 2];
        int32_t high_02 = task->from[row + 1], high_13 = task->from[row + 3];
        for (const uint32_t *x = task->values; x != task->values_end; x += 3, weights += 2) {
            const uint32_t pair_02 = x[0] * (weights[0] & mask) + x[1] * (weights[1] & mask) + x[2];
            const uint32_t pair_13 =
                x[0] * (weights[0] >> 8 & mask) + x[1] * (weights[1] >> 8 & mask) + x[2];
            all_02 += pair_02;
            all_13 += pair_13;
            high_02 += (int32_t)pair_02 >> 16;
            high_13 += (int32_t)pair_13 >> 16;
        }
        if (task->to != NULL) {
            task->to[row] = (int32_t)all_02;
            task->to[row + 1] = high_02;
            task->to[row + 2] = (int32_t)all_13;
            task->to[row + 3] = high_13;
            continue;
        }
        const int32_t sum[4] = {(int32_t)(all_02 - ((uint32_t)high_02 << 16)),
                                (int32_t)(all_13 - ((uint32_t)high_13 << 16)), high_02, high_13};
        int8_t *const to = task->rows - row < 4 ? task->rest : task->output + row;
        for (int32_t i = 0; i < 4; i++, scaling += task->scaling_step) {
            const int32_t rounding =
                model_small_rounding(task->twice_zero_point_and_one, scaling[1]);
            to[i] = model_small_requantize(sum[i], scaling[0], rounding, scaling[1]);
        }
    }
}
#endif
