"""What `--json` prints is JSON to any reader."""

import argparse
import json
import math

import pytest

from tinyml_course.cli.output import show


def test_json_has_no_infinity(capsys):
    value = {"far": math.inf, "list": [-math.inf, (math.nan, 1.5)], "text": "inf", "none": None}
    show(argparse.Namespace(json=True), value, "")
    read = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert read == {"far": None, "list": [None, [None, 1.5]], "text": "inf", "none": None}
