/* needs: four_rows_small quantization */
/* FULLY_CONNECTED on int8 for cores without DSP instructions, four outputs at a time. `begin` are
 * the biases with the input's zero point in them. `scaling` holds multiplier and shift, once for
 * all outputs (step 0) or for each (step 2). */
MODEL_HOT
static void model_fully_connected_small(int32_t depth, int32_t channels,
                                        const model_quantization *q, const int8_t *weights,
                                        const int32_t *begin, const int32_t *scaling,
                                        int32_t scaling_step, const int8_t *input, int8_t *output)
{
    const int32_t twice_zero_point_and_one = 2 * q->output_zero_point + 1;
    model_four_rows_task task;
    task.input = input + depth;
    task.minus_depth = -depth;
    while (channels > 0) {
        const int32_t count = channels < 4 ? channels : 4;
        for (int32_t i = 0; i < 4; i++) { /* if fewer than four are left, the last one again */
            task.sum[i] = i < count ? *begin++ : 0;
            if (i < count) {
                weights += depth;
            }
            task.row[i] = weights;
        }
        model_four_rows(&task);
        for (int32_t i = 0; i < count; i++, scaling += scaling_step) {
            const int32_t rounding = model_small_rounding(twice_zero_point_and_one, scaling[1]);
            *output++ = model_small_requantize(task.sum[i], scaling[0], rounding, scaling[1]);
        }
        channels -= count;
    }
}
