"""Models and fitting, in legacy Keras. Lesson 03 teaches it. TensorFlow is imported late."""

from tinyml_course.training.autoencoder import build_autoencoder
from tinyml_course.training.fitting import TrainingHistory, fit_model, predict_scores
from tinyml_course.training.keras_setup import import_keras, import_toolkit
from tinyml_course.training.kinds import CLASSES, DEVIATIONS, VALUES, AnswerKind
from tinyml_course.training.models import (
    build_conv1d,
    build_dense,
    build_regressor,
    copy_model,
    count_macs,
    list_macs,
    load_keras,
    save_keras,
)
from tinyml_course.training.scores import (
    ClassReport,
    accuracy,
    area_under_curve,
    class_report,
    confusion_matrix,
    rms_errors,
    skill,
)

__all__ = [
    "CLASSES",
    "DEVIATIONS",
    "VALUES",
    "AnswerKind",
    "ClassReport",
    "TrainingHistory",
    "accuracy",
    "area_under_curve",
    "build_autoencoder",
    "build_conv1d",
    "build_dense",
    "build_regressor",
    "class_report",
    "confusion_matrix",
    "copy_model",
    "count_macs",
    "fit_model",
    "import_keras",
    "import_toolkit",
    "list_macs",
    "load_keras",
    "predict_scores",
    "rms_errors",
    "save_keras",
    "skill",
]
