"""Train a small MobileNetV2 in PyTorch and write it as a float .tflite file.

    python train.py --out OUT                    the course's digits, 28 x 28
    python train.py --out OUT --data FOLDER      pictures of yours, one folder for each class

Writes `float.tflite`, which takes pictures `(1, rows, columns, 1)` as a board has them;
`samples.npy`, pictures of the training part for `tinyml quantize`; and `pytorch.npz`, what PyTorch
itself has and says: weights of the first and last layer, a picture behind the first layer, and the
answers to the test part. README.md has the rest.
"""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import litert_torch
import numpy as np
import torch
from network import SmallMobileNetV2
from torch import nn

from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.datasets.picture_folders import load_pictures
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.features.image_augment import ImageAugmenter

SAMPLES_FOR_RANGES = 200


class Recipe(NamedTuple):
    """How long and how fast. The same for digits and for a folder of pictures."""

    epochs: int = 40
    batch: int = 64
    learning_rate: float = 5e-3
    samples_an_epoch: int = 2048


def to_nchw(pictures: np.ndarray) -> torch.Tensor:
    """Grey pictures `(n, rows, columns)` in PyTorch's order: samples, channels, rows, columns."""
    return torch.from_numpy(np.asarray(pictures, np.float32)[:, np.newaxis])


def fit(model: nn.Module, x: np.ndarray, y: np.ndarray, recipe: Recipe, seed: int) -> None:
    """Train with pictures that are moved, turned and stretched anew in each epoch."""
    rng = np.random.default_rng(seed)
    augment = ImageAugmenter()
    steps = recipe.epochs * (recipe.samples_an_epoch // recipe.batch)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    model.train()
    for epoch in range(recipe.epochs):
        chosen = rng.permutation(np.resize(np.arange(len(x)), recipe.samples_an_epoch))
        labels = torch.from_numpy(y[chosen])
        pictures = augment.apply(x[chosen], y[chosen], rng)
        total = 0.0
        for start in range(0, len(chosen) - recipe.batch + 1, recipe.batch):
            part = slice(start, start + recipe.batch)
            loss = nn.functional.cross_entropy(model(to_nchw(pictures[part])), labels[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * recipe.batch
        print(f"epoch {epoch + 1} of {recipe.epochs}: loss {total / len(chosen):.3f}", flush=True)


def accuracy(model: nn.Module, x: np.ndarray, y: np.ndarray) -> float:
    """Share of right answers, in PyTorch."""
    model.eval()
    with torch.no_grad():
        return float((model(to_nchw(x)).argmax(1).numpy() == y).mean())


def what_pytorch_says(model: SmallMobileNetV2, x: np.ndarray) -> dict[str, np.ndarray]:
    """Weights in PyTorch's layout, the first picture behind the stem, and all answers."""
    convolution, norm, _ = model.stem
    model.eval()
    with torch.no_grad():
        values = {
            "stem_weight": convolution.weight,
            "norm_weight": norm.weight,
            "norm_bias": norm.bias,
            "norm_mean": norm.running_mean,
            "norm_variance": norm.running_var,
            "norm_epsilon": torch.tensor(norm.eps),
            "last_weight": model.classify.weight,
            "last_bias": model.classify.bias,
            "behind_stem": model.stem(to_nchw(x[:1])),
            "answers": model(to_nchw(x)).softmax(1),
        }
    return {name: value.detach().numpy().copy() for name, value in values.items()}


def main() -> None:
    """Train, convert, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="one folder for each class")
    parser.add_argument("--size", type=int, default=28, help="rows and columns [28]")
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    torch.set_num_threads(1)  # layers this small take longer with two
    if options.data is None:
        dataset = make_digits_dataset(size=options.size)
    else:
        dataset = load_pictures(options.data, options.size)
    split = split_by_group(dataset, seed=0)
    model = SmallMobileNetV2(len(dataset.class_names))
    weights = sum(each.numel() for each in model.parameters())
    print(f"{weights:,} parameters; {len(split.train):,} pictures to learn from")
    fit(model, split.train.x, split.train.y, Recipe(epochs=options.epochs), options.seed)
    for name, part in split.items():
        print(f"{name}: {accuracy(model, part.x, part.y):.4f}")

    options.out.mkdir(parents=True, exist_ok=True)
    answers = nn.Sequential(model, nn.Softmax(dim=1)).eval()
    as_on_a_board = litert_torch.to_channel_last_io(answers, args=[0]).eval()
    sample = (torch.zeros(1, options.size, options.size, 1),)
    litert_torch.convert(as_on_a_board, sample).export(str(options.out / "float.tflite"))
    draw = np.random.default_rng(0).permutation(len(split.train))[:SAMPLES_FOR_RANGES]
    np.save(options.out / "samples.npy", split.train.x[np.sort(draw)][..., np.newaxis])
    said = what_pytorch_says(model, split.test.x)
    np.savez_compressed(options.out / "pytorch.npz", **said)
    print("made with", ", ".join(f"{name} {version(name)}" for name in ("torch", "litert-torch")))


if __name__ == "__main__":
    main()
