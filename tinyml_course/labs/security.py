"""The security lab: the motion lab's network as a sealed image, in a sketch that checks it first.

Data, features and training are those of the motion lab; what is new is how the model lies on the
board. `tinyml run security` seals with the course's example key, which is no secret; lesson 19 says
how to take another.
"""

from __future__ import annotations

from dataclasses import replace

from tinyml_course.labs.motion import MOTION

SECURITY = replace(
    MOTION,
    name="security",
    title="Still, walk or run, by a model that the board checks before it believes it",
    lesson="19_security_and_privacy",
    models={"dense": MOTION.models["dense"]},
    sketch="security",
)
