"""What `tinyml doctor` finds, on computers that lack something."""

import importlib.metadata
import sys

import pytest

from tinyml_course import doctor, extras


def find(topic: str) -> doctor.Finding:
    (finding,) = (finding for finding in doctor.examine() if finding.topic == topic)
    return finding


@pytest.fixture
def versions(monkeypatch):
    """What is installed, as a table: a version, or None for a package that is not there."""
    real, table = importlib.metadata.version, {}

    def version(name: str) -> str:
        if name in table and table[name] is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return table.get(name) or real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    return table


@pytest.mark.parametrize("needed", extras.NEEDED.values(), ids=lambda needed: needed.package)
def test_what_an_extra_brings_is_a_note_with_what_to_type(versions, needed):
    versions[needed.package] = None
    finding = find(needed.package)
    assert finding.status == "note"
    assert finding.remedy.endswith(extras.pip_line(needed.extras[0]))


@pytest.mark.parametrize("name", doctor.BASE)
def test_what_the_base_lacks_is_a_problem(versions, name):
    versions[name] = None
    assert find(name).status == "problem"
    assert find(name).remedy == "run: make setup"


def test_another_version_than_the_lessons_were_tested_with_is_a_problem(versions):
    versions["tensorflow"] = "1.15.0"
    finding = find("tensorflow")
    assert finding.status == "problem"
    assert finding.found.startswith("1.15.0, but the lessons were tested with 2.")


def test_each_version_that_the_lock_has_for_some_python_is_right(versions):
    locked = doctor.locked_versions()["numpy"]
    assert len(locked) == 2
    for version in locked:
        versions["numpy"] = version
        assert find("numpy").status == "ok"


def test_an_installed_wheel_is_not_told_to_make_anything(versions, monkeypatch, tmp_path):
    for module in (doctor, extras):
        monkeypatch.setattr(module, "IS_CHECKOUT", False)
    monkeypatch.setattr(extras, "_came_from", lambda: "")
    monkeypatch.setattr(doctor, "LOCK", tmp_path / "requirements.lock")
    versions["ziglang"] = None
    assert find("ziglang").remedy == 'run: pip install "tinyml-course"'
    versions["tensorflow"] = "99.0"  # no lock that could say what was tested
    assert find("tensorflow").status == "ok"
    del versions["ziglang"]
    assert doctor.render(doctor.examine()).endswith("run  tinyml lessons")


@pytest.mark.parametrize(
    ("python", "status"), [((3, 10), "problem"), ((3, 13), "ok"), ((3, 14), "problem")]
)
def test_the_pythons_of_the_lock(monkeypatch, python, status):
    monkeypatch.setattr(sys, "version_info", (*python, 0, "final", 0))
    assert find("python").status == status


@pytest.mark.parametrize(
    ("system", "status"), [(("Linux", "x86_64"), "problem"), (("Linux", "aarch64"), "note")]
)
def test_tflm_is_missed_only_where_it_has_a_wheel(versions, monkeypatch, system, status):
    monkeypatch.setattr(doctor.platform, "system", lambda: system[0])
    monkeypatch.setattr(doctor.platform, "machine", lambda: system[1])
    versions["tflite-micro"] = None
    assert find("tflite-micro").status == status
