/* needs: read_word rescale clamp_value softmax */
/* Dense layers one after the other, then SOFTMAX, all numbers from an image that is data and no code:
 * so it can be checked, and replaced, as a whole. The arithmetic is that of fully_connected.c. */
static void model_dense_image(const uint8_t *image, const int8_t *input, int8_t *output)
{
    static int8_t values[2][MODEL_MOST_VALUES];
    const uint32_t layers = model_read_word(image + 4);
    const uint8_t *at = image + 32;
    const int8_t *from = input;
    int32_t outputs = 0;
    for (uint32_t layer = 0; layer < layers; layer++) {
        int32_t head[8]; /* as image.py writes them */
        for (uint32_t i = 0; i < 8; i++) {
            head[i] = (int32_t)model_read_word(at + 4 * i);
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
            sum = (int32_t)((uint32_t)sum + model_read_word(bias + 4 * channel));
            const int32_t y = model_rescale(sum, head[6], head[7]) + head[3];
            to[channel] = (int8_t)model_clamp_value(y, head[4], head[5]);
        }
        at = bias + 4 * outputs + ((inputs * outputs + 3) & ~3);
        from = to;
    }
    model_softmax(1, outputs, (int32_t)model_read_word(image + 20),
                  (int32_t)model_read_word(image + 24), (int32_t)model_read_word(image + 28), from,
                  output);
}
