/* needs: four_rows_pairs quantization */
/* FULLY_CONNECTED on int8 for a Cortex-M0+, with many rows: up to TYPE inputs at a time are made ready for
 * all outputs (see four_rows_pairs.c); between such parts the sums wait in the scratch memory.
 * `begin` holds where the sums of four outputs begin. `scaling` holds multiplier and shift, once
 * for all outputs (step 0) or for each (step 2). */
MODEL_HOT
static void model_fully_connected_thumb1_TYPE(int32_t depth, int32_t channels,
                                              const model_quantization *q,
                                              const uint32_t *weights, const int32_t *begin,
                                              const int32_t *scaling, int32_t scaling_step,
                                              const int8_t *input, int8_t *output,
                                              int16_t *scratch)
{
    uint32_t *const values = (uint32_t *)(void *)scratch;
    int32_t *const sums = (int32_t *)(void *)(values + 3 * TYPE / 2);
    model_four_rows_pairs_task task;
    task.values = values;
    task.weights = weights;
    task.from = begin;
    task.scaling = scaling;
    task.scaling_step = scaling_step;
    task.twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    while (depth > 0) {
        const int32_t count = depth < TYPE ? depth : TYPE, pairs = (count + 1) >> 1;
        uint32_t *to = values;
        for (const int8_t *end = input + (count & ~1); input != end; input += 2, to += 3) {
            const uint32_t first = (uint32_t)input[0], second = (uint32_t)input[1];
            to[0] = first;
            to[1] = second;
            to[2] = 32768u - (first + second) * (128u * 65537u);
        }
        if ((count & 1) != 0) {
            to[0] = (uint32_t)*input++;
            to[1] = 0;
            to[2] = 32768u - to[0] * (128u * 65537u);
            to += 3;
        }
        depth -= count;
        task.values_lead = values + 3 * (pairs & 15);
        task.values_end = to;
        task.to = depth > 0 ? sums : NULL;
        task.output = output;
        task.rows = channels;
        model_four_rows_pairs(&task);
        task.weights += ((channels + 3) >> 2) * 2 * pairs;
        task.from = sums;
    }
    for (int32_t i = 0; i < (channels & 3); i++) {
        output[(channels & ~3) + i] = task.rest[i];
    }
}
