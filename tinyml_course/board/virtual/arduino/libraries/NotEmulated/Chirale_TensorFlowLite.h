#pragma once
#error "Chirale_TensorFlowLite.h: TensorFlow Lite Micro is a library of the real board: export the model as C source instead (tinyml export --format c-source)"
