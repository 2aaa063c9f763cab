/* Four loops over the output, and the step of each input in every loop: 0 where it repeats. */
typedef struct {
    int32_t count[4], step_0[4], step_1[4];
} model_broadcast;
