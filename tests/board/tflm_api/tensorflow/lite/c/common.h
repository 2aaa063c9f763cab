// Declarations of today's TFLM, as far as a sketch of the course may use them. What is not here no
// longer exists, or a sketch has no need of it: using it is an error of the compiler.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef enum TfLiteStatus { kTfLiteOk = 0, kTfLiteError = 1 } TfLiteStatus;
typedef struct TfLiteQuantizationParams {
  float scale;
  int32_t zero_point;
} TfLiteQuantizationParams;
typedef union TfLitePtrUnion {
  int8_t *int8;
  int16_t *i16;
  uint8_t *uint8;
  float *f;
} TfLitePtrUnion;
typedef struct TfLiteTensor {
  TfLitePtrUnion data;
  TfLiteQuantizationParams params;
  size_t bytes;
} TfLiteTensor;
