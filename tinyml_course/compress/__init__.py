"""Smaller models: quantization, pruning, clustering, distillation, and host interpreters."""
