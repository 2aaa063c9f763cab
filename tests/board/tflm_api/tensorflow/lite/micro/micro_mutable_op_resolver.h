#pragma once
#include "tensorflow/lite/c/common.h"

namespace tflite {
class MicroOpResolver {};

template <unsigned int tOpCount>
class MicroMutableOpResolver : public MicroOpResolver {
 public:
  MicroMutableOpResolver() {}
  MicroMutableOpResolver(const MicroMutableOpResolver &) = delete;
  TfLiteStatus AddFullyConnected();
  TfLiteStatus AddSoftmax();
  TfLiteStatus AddConv2D();
  TfLiteStatus AddDepthwiseConv2D();
  TfLiteStatus AddReshape();
  TfLiteStatus AddMean();
  TfLiteStatus AddExpandDims();
};
}  // namespace tflite
