"""A small network in the way of MobileNetV2, in PyTorch. The widths are the course's own.

Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018).
"""

from __future__ import annotations

import torch
from torch import nn


class InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow; and a bridge across where the shapes allow it."""

    def __init__(self, channels_in: int, channels_out: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = expansion * channels_in
        self.layers = nn.Sequential(
            nn.Conv2d(channels_in, wide, 1, bias=False),
            nn.BatchNorm2d(wide),
            nn.ReLU6(),
            nn.Conv2d(wide, wide, 3, stride, padding=1, groups=wide, bias=False),
            nn.BatchNorm2d(wide),
            nn.ReLU6(),
            nn.Conv2d(wide, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out),
        )
        self.has_bridge = stride == 1 and channels_in == channels_out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """`(n, channels_in, rows, columns)` to `channels_out`, with rows and columns / stride."""
        return x + self.layers(x) if self.has_bridge else self.layers(x)


class SmallMobileNetV2(nn.Module):
    """Pictures `(n, channels, rows, columns)`, 0 to 1, to `(n, classes)` before the softmax."""

    def __init__(
        self,
        n_classes: int,
        channels: int = 1,
        stem: int = 12,
        blocks: tuple[tuple[int, int], ...] = ((12, 1), (20, 2), (20, 1), (32, 2)),
        expansion: int = 3,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(channels, stem, 3, 2, padding=1, bias=False), nn.BatchNorm2d(stem), nn.ReLU6()
        )
        layers, before = [], stem
        for after, stride in blocks:
            layers.append(InvertedResidual(before, after, stride, expansion))
            before = after
        self.blocks = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(before, n_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Scores before the softmax; the mean over all places comes before the last layer."""
        x = self.blocks(self.stem(x)).mean(dim=(2, 3))
        return self.classify(self.dropout(x))
