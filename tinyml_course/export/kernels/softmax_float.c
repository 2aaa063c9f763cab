/* needs: exp_float */
/* SOFTMAX in float32. */
static void model_softmax_float(int32_t rows, int32_t classes, float beta, const float *input,
                                float *output)
{
    for (int32_t row = 0; row < rows; row++, input += classes, output += classes) {
        float greatest = input[0];
        for (int32_t c = 1; c < classes; c++) {
            greatest = input[c] > greatest ? input[c] : greatest;
        }
        float sum = 0.0f;
        for (int32_t c = 0; c < classes; c++) {
            output[c] = model_exp_float((input[c] - greatest) * beta);
            sum += output[c];
        }
        for (int32_t c = 0; c < classes; c++) {
            output[c] /= sum;
        }
    }
}
