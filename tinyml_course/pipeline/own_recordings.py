"""Your recordings in a lab's run: refused before anything is trained, or learnt from after it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.splits import Split, check_no_leakage, split_by_group
from tinyml_course.errors import DataError
from tinyml_course.labs.lab import FineTuning, Lab
from tinyml_course.pipeline.judging import judge, say_judgement
from tinyml_course.pipeline.stages import Log, Trained, convert_to_int8, fit_choice
from tinyml_course.report import HeldOutJudgement, say_groups
from tinyml_course.training import CLASSES, DEVIATIONS, AnswerKind
from tinyml_course.training.detection import find_commissioning

# Fewer people than this cannot be split into three honest parts.
LEAST_GROUPS_TO_TRAIN = 5


def check_recordings(lab: Lab, known: Dataset, recordings: Dataset, seed: int) -> None:
    """Refuse what the stages after the training would: training takes a minute.

    Raises:
        DataError: as `check_same_task`; a machine of a detector with too little of it healthy;
            copies of one recording that would train and judge.
    """
    check_same_task(known, recordings, lab.name)
    if lab.answers is DEVIATIONS:
        find_commissioning(recordings)
    split_recordings(recordings, lab.answers, lab.fine_tuning, seed)


def check_same_task(known: Dataset, recordings: Dataset, lab_name: str) -> None:
    """Refuse recordings that a model trained on `known` cannot read.

    Raises:
        DataError: other classes, channels or rate.
    """
    for what in (
        "class_names",
        "target_names",
        "target_units",
        "channel_names",
        "unit",
        "sample_rate_hz",
        "window",
    ):
        theirs, ours = getattr(recordings, what), getattr(known, what)
        if theirs != ours:
            raise DataError(
                f"the recordings have {what} {theirs}, the {lab_name} lab has {ours}: "
                "record or convert them to match"
            )


def split_recordings(
    recordings: Dataset,
    answers: AnswerKind,
    tuning: FineTuning,
    seed: int,
    log: Log = lambda line: None,
) -> Split | None:
    """Who of `recordings` trains, is looked at and judges; None where they cannot train a model.

    Too few people cannot be split honestly. From recordings of one class alone a classifier would
    learn to say it always, and be right as often.

    Raises:
        DataError: one recording under two names.
    """
    stays = "so the model stays as it is"
    people = len(np.unique(recordings.groups))
    if people < LEAST_GROUPS_TO_TRAIN:
        log(
            f"      {say_groups(people, recordings.groups_are)}: too few to train and judge "
            f"honestly (at least {LEAST_GROUPS_TO_TRAIN}), {stays}"
        )
        return None
    if answers is CLASSES and len(shown := np.unique(recordings.y)) == 1:
        name = recordings.class_names[int(shown[0])]
        log(
            f"      all of them are {name!r}: a model that learns from them learns to say it "
            f"always, {stays}; record the other classes too"
        )
        return None
    own = split_by_group(recordings, tuning.split, seed)
    check_no_leakage(own)
    return own


def learn_from_recordings(
    trained: Trained,
    recordings: Dataset,
    seed: int,
    log: Log,
    tuning: FineTuning | None = None,
) -> tuple[Trained, HeldOutJudgement | None]:
    """Train on with some of the people in `recordings`, and judge on the others.

    The scaler stays as it was fitted, so that the weights keep their meaning. A model with a `fit`
    of its own is told how often to draw the recordings.

    Returns:
        The model as it is now, and how it does on people it has not met; where they cannot train
        it, as `split_recordings` says, the model as it was, and None.
    """
    tuning = tuning or FineTuning()
    own = split_recordings(recordings, trained.answers, tuning, seed, log)
    if own is None:
        return trained, None
    parts = {name: trained.inputs_of(data) for name, data in own.items()}
    both, labels = dict(trained.inputs), dict(trained.labels)
    for name in ("train", "val"):
        data = getattr(own, name)
        if trained.answers is DEVIATIONS:
            parts[name] = new = parts[name][data.y == 0]
        else:
            new = trained.answers_of(data, parts[name])
        both[name] = np.concatenate([both[name], parts[name]])
        labels[name] = np.concatenate([labels[name], new])
    known = len(trained.labels["train"])
    sources = [trained.labels["train"], own.train.y]
    if trained.answers is not CLASSES:  # values are one class to it
        sources = [np.zeros(known, int), np.zeros(len(parts["train"]), int)]
    further = tuning.enlarge(own.train, seed) if tuning.enlarge is not None else None
    if further is not None and len(further):
        both["train"] = np.concatenate([both["train"], trained.inputs_of(further)])
        labels["train"] = np.concatenate([labels["train"], further.y])
        sources.append(further.y)
        log(f"      {len(further):,} further windows made of those that train")
    importance = weigh_alike(*sources)
    importance[known:] *= tuning.weight
    history = fit_choice(
        trained.choice,
        trained.model,
        (both["train"], labels["train"], both["val"], labels["val"]),
        seed=seed,
        tuning=tuning,
        importance=importance,
        answers=trained.answers,
    )
    tuned = replace(trained, history=history, inputs=both, labels=labels)
    int8 = convert_to_int8(tuned.model, both["train"])
    judged = judge(int8, parts["test"], own.test, tuned.answers, tuned.targets)
    said = say_judgement(judged, tuned.answers.measure)
    log(f"      {trained.name} trained on with some of them, on the others: {said}")
    held_out = tuple(sorted(set(own.test.groups.tolist())))
    return tuned, HeldOutJudgement(**vars(judged), held_out=held_out)


def weigh_alike(*labels: np.ndarray) -> np.ndarray:
    """One number a sample, so that in each class every one of the sources has the same sum.

    >>> weigh_alike(np.array([0, 0, 1]), np.array([0])).tolist()
    [0.5, 0.5, 1.0, 1.0]
    """
    weights = [1 / np.bincount(y)[y] for y in labels]
    return np.concatenate(weights)
