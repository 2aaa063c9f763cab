/* needs: read_word */
/* 1 if an image holds dense layers that follow each other from the sketch's input to its output, and
 * not a byte more. A right tag says who made an image, not that it was made for this sketch. */
static int model_image_fits(const uint8_t *image, uint32_t bytes)
{
    if (bytes < 32 || model_read_word(image) != MODEL_IMAGE_MAGIC ||
        model_read_word(image + 12) != bytes || model_read_word(image + 16) != MODEL_INTERFACE) {
        return 0;
    }
    const int32_t multiplier = (int32_t)model_read_word(image + 20);
    const int32_t difference_min = (int32_t)model_read_word(image + 28);
    if (multiplier <= 0 || model_read_word(image + 24) > 30 || difference_min > 0) return 0;
    const uint32_t layers = model_read_word(image + 4);
    uint32_t at = 32, values = MODEL_INPUT_SIZE;
    for (uint32_t layer = 0; layer < layers; layer++) {
        if (bytes - at < 32) return 0;
        const uint32_t inputs = model_read_word(image + at);
        const uint32_t outputs = model_read_word(image + at + 4);
        if (inputs != values || outputs < 1 || outputs > MODEL_MOST_VALUES) return 0;
        for (uint32_t i = 8; i < 24; i += 4) { /* zero points and limits are int8 values */
            if (model_read_word(image + at + i) + 128U > 255U) return 0;
        }
        if (model_read_word(image + at + 28) + 31U > 61U) return 0; /* shift: -31 to 30 */
        const uint32_t size = 32 + 4 * outputs + ((inputs * outputs + 3U) & ~3U);
        if (size > bytes - at) return 0;
        at += size;
        values = outputs;
    }
    return at == bytes && layers > 0 && values == MODEL_OUTPUT_SIZE;
}
