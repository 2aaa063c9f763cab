"""The steps turn windows into what the models see, and come back from their specs unchanged."""

import numpy as np

from tinyml_course.datasets import check_no_leakage, make_motion_dataset, split_by_group
from tinyml_course.features import Preprocessing, check_fitted_on
from tinyml_course.labs import MOTION


def test_both_chains_fit_on_the_training_part_and_survive_their_spec():
    split = split_by_group(make_motion_dataset(people=6, recordings=1))
    check_no_leakage(split)
    for name, shape in (("dense", (8,)), ("conv1d", (100, 4))):
        chain = MOTION.models[name].make_preprocessing().fit(split.train.x)
        check_fitted_on(chain, split.train.x)
        out = chain.apply(split.test.x)
        assert out.shape[1:] == shape
        assert out.dtype == np.float32
        again = Preprocessing.from_spec(chain.to_spec())
        assert again == chain
