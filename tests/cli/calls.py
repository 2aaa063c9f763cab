"""How the tests of this folder call a command."""

import json

from tinyml_course.cli.main import main

MODEL = "data/bundles/motion/model_int8.tflite"
TRACE = "data/motion_p000.csv"


def run_json(capsys, *arguments):
    """What the command prints with `--json`; it must succeed."""
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)
