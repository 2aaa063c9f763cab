"""Smaller models: quantization, pruning, clustering, distillation, and the host interpreters that measure them."""
