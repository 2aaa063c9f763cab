"""The digits labs: which handwritten digit is it, from 8 x 8 pixels, and from 28 x 28.

**Which forms are learnt from is fixed.** The data are real, so the seed of a run draws the weights,
the forms drawn anew, the variations and their order. It does not draw which of the fourteen forms
are held out: the first split ever drawn here, `SPLIT_SEED`, stays. For fourteen forms do not show
every way to write a digit, and one of them shows one alone: `form_03` is the only hand whose 7 has
no bar. A network that has not learnt from it takes many plain 7s for 1s, and no other form can tell
that. So this form belongs into the training part, where this split has it; `data/bundles/README.md`
says what another split gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.features.image_augment import ImageAugmenter
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.labs.lab import Lab, ModelChoice

AUGMENTER = ImageAugmenter()
SAMPLES_AN_EPOCH = 2048
SPLIT_SEED = 0  # learns from forms 0 to 5, 9 and 13; 10 to 12 choose, 6 to 8 judge
DRAWN_ANEW = 3  # forms of each picture; as many are drawn in an epoch as without them


def make_no_preprocessing() -> Preprocessing:
    """Pictures go in as they are, 0 to 1: a grey value v of 0..255 becomes the int8 v - 128."""
    return Preprocessing(())


def fit_digits(
    model: Any,
    x_train: np.ndarray,
    y_train: np.ndarray,
    *validation: np.ndarray,
    augmenter: ImageAugmenter,
    seed: int,
    importance: np.ndarray | None = None,
    **options: Any,
) -> Any:
    """`training.fit_augmented` with more handwriting, and variations of all of it.

    Beside each picture stand `DRAWN_ANEW` forms of it, see `features.digit_forms`, each as often
    drawn as the picture itself; `augmenter` varies all of them.
    """
    from tinyml_course.features.digit_forms import draw_forms
    from tinyml_course.training.augmented import fit_augmented

    seeds = range(DRAWN_ANEW * seed, DRAWN_ANEW * (seed + 1))
    forms = [x_train, *(draw_forms(x_train, each) for each in seeds)]
    return fit_augmented(
        model,
        np.concatenate(forms),
        np.tile(y_train, len(forms)),
        *validation,
        augment=augmenter.apply,
        samples_an_epoch=SAMPLES_AN_EPOCH,
        importance=None if importance is None else np.tile(importance, len(forms)),
        seed=seed,
        **options,
    )


def _build(name: str, widths: dict[str, Any]) -> Callable[[tuple[int, ...], int], Any]:
    def build(input_shape: tuple[int, ...], n_classes: int) -> Any:
        from tinyml_course.training import vision_models

        return getattr(vision_models, f"build_{name}")(input_shape, n_classes, **widths)

    return build


def _load(path: Path, size: int) -> Dataset:
    from tinyml_course.datasets.digit_images import load_digit_images

    return load_digit_images(path, size)


def make_digits_lab(
    name: str,
    size: int,
    models: dict[str, dict[str, Any]],
    default_model: str,
    epochs: int,
    floor: float,
    augmenter: ImageAugmenter = AUGMENTER,
) -> Lab:
    """The lab for pictures of `size` x `size`.

    Args:
        models: from the end of a builder's name in `training.vision_models` to its widths.
        default_model: goes on the board; the best for its MACs on the validation parts of several
            splits.
        floor: the least accuracy of the default model on the test part.
        augmenter: how pictures are varied in training.
    """
    return Lab(
        name=name,
        title=f"Handwritten digits, from {size} x {size} pixels",
        lesson="13_vision",
        make_dataset=partial(make_digits_dataset, size=size),
        load_dataset=partial(_load, size=size),
        models={
            model: ModelChoice(
                make_preprocessing=make_no_preprocessing,
                build=_build(model, widths),
                epochs=epochs,
                batch_size=32,
                learning_rate=5e-3,
                accuracy_floor=floor,
                fit=partial(fit_digits, augmenter=augmenter),
            )
            for model, widths in models.items()
        },
        default_model=default_model,
        split_seed=SPLIT_SEED,
        sketch="digits",
    )


DIGITS = make_digits_lab(
    "digits",
    size=8,
    models={"cnn": {}, "separable": {}, "inverted_residual": {}},
    default_model="cnn",
    epochs=40,
    floor=0.94,
    # between so few pixels, each variation makes a picture soft: half of them stay sharp
    augmenter=replace(AUGMENTER, share=0.5),
)
DIGITS_28 = make_digits_lab(
    "digits_28x28",
    size=28,
    models={
        "cnn": {"stem": (16, 2)},
        "separable": {"stem": (16, 2)},
        "inverted_residual": {"stem": (12, 2)},
    },
    default_model="separable",
    epochs=30,
    floor=0.95,
)
