"""Changes of a Bundle's files, each of which must be refused when it is loaded."""

import io
import json
import struct
import zipfile

import numpy as np


def npy(shape, dtype="<f4", data=b"", version=(1, 0)):
    """A .npy file that claims a shape."""
    head = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    size = struct.pack("<H" if version == (1, 0) else "<I", len(head))
    return b"\x93NUMPY" + bytes(version) + size + head + data


def with_array(name, content):
    """A change of golden.npz: one of its arrays is something else."""

    def change(folder):
        path = folder / "golden.npz"
        with zipfile.ZipFile(path) as stored:
            parts = {info.filename: stored.read(info) for info in stored.infolist()}
        if isinstance(content, bytes):
            parts[f"{name}.npy"] = content
        else:
            buffer = io.BytesIO()
            old = np.load(io.BytesIO(parts[f"{name}.npy"]))
            np.save(buffer, content(old), allow_pickle=True)
            parts[f"{name}.npy"] = buffer.getvalue()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as stored:
            for part, data in parts.items():
                stored.writestr(part, data)

    return change


def with_json(part, change_value):
    """A change of a JSON part: a function of its value, or text as it is."""

    def change(folder):
        path = folder / part
        if callable(change_value):
            value = change_value(json.loads(path.read_text()))
            path.write_text(json.dumps(value))
        else:
            path.write_text(change_value)

    return change


def with_spec(**changes):
    return with_json("preprocessing.json", lambda spec: spec | changes)


def with_step(**changes):
    def change_value(spec):
        spec["steps"][1] |= changes
        return spec

    return with_json("preprocessing.json", change_value)


def with_bytes(part, change_bytes):
    def change(folder):
        path = folder / part
        path.write_bytes(change_bytes(path.read_bytes()))

    return change


def fill(value):
    def change(old):
        old.flat[0] = value
        return old

    return change


HOSTILE = {
    "labels: an object": with_json("labels.json", '{"still": 0, "walk": 1, "run": 2}'),
    "labels: a text": with_json("labels.json", '"abc"'),
    "labels: one for three outputs": with_json("labels.json", '["still"]'),
    "labels: four for three outputs": with_json("labels.json", '["a", "b", "c", "d"]'),
    "labels: numbers": with_json("labels.json", "[1, 2, 3]"),
    "labels: twice the same": with_json("labels.json", '["a", "a", "b"]'),
    "labels: an empty one": with_json("labels.json", '["a", "", "b"]'),
    "labels: a line end": with_json("labels.json", '["a", "b\\nc", "d"]'),
    "labels: an escape code": with_json("labels.json", '["a", "\\u001b[2J", "d"]'),
    "labels: nested too deep": with_json("labels.json", "[" * 100_000),
    "labels: not UTF-8": with_bytes("labels.json", lambda _: b'["\xff\xfe"]'),
    "lab: a path": with_spec(lab="../../x"),
    "lab: an absolute path": with_spec(lab="/etc/passwd"),
    "lab: empty": with_spec(lab=""),
    "lab: a number": with_spec(lab=5),
    "lab: a null character": with_spec(lab="a\x00b"),
    "lab: 10,000 letters": with_spec(lab="a" * 10_000),
    "rate: NaN": with_spec(sample_rate_hz=float("nan")),
    "rate: infinite": with_spec(sample_rate_hz=float("inf")),
    "rate: 1e999": with_bytes("preprocessing.json", lambda old: old.replace(b"50.0", b"1e999")),
    "rate: negative": with_spec(sample_rate_hz=-50.0),
    "rate: 0": with_spec(sample_rate_hz=0),
    "rate: 1e300": with_spec(sample_rate_hz=1e300),
    "rate: a text": with_spec(sample_rate_hz="50"),
    "rate: true": with_spec(sample_rate_hz=True),
    "window: 0": with_spec(window=0),
    "window: negative": with_spec(window=-100),
    "window: a fraction": with_spec(window=100.5),
    "window: infinite": with_spec(window=float("inf")),
    "window: 10**400": with_spec(window=10**400),
    "window: another": with_spec(window=101),
    "channels: a text": with_spec(channel_names="xyz"),
    "channels: none": with_spec(channel_names=[]),
    "channels: two for three": with_spec(channel_names=["ax", "ay"]),
    "channels: a list in it": with_spec(channel_names=["ax", ["ay"], "az"]),
    "unit: a list": with_spec(unit=["g"]),
    "unit: a line end": with_spec(unit="g\n"),
    "a key that has no place": with_spec(password="x"),
    "spec: a list": with_json("preprocessing.json", "[]"),
    "spec: null": with_json("preprocessing.json", "null"),
    "spec: nested too deep": with_json("preprocessing.json", '{"steps":' + "[" * 100_000),
    "steps: an object": with_spec(steps={"kind": "motion_features"}),
    "steps: a text in it": with_spec(steps=["motion_features"]),
    "steps: none": with_spec(steps=[]),
    "steps: an unknown kind": with_spec(steps=[{"kind": "os.system"}]),
    "steps: a kind that is a list": with_spec(steps=[{"kind": ["a"]}]),
    "steps: a parameter too many": with_step(more=1),
    "steps: a mean is NaN": with_step(mean=[float("nan")] * 8),
    "steps: a mean is 10**400": with_step(mean=[10**400] * 8),
    "steps: a scale is 0": with_step(scale=[0.0] * 8),
    "steps: means of another number": with_step(mean=[0.0] * 7, scale=[1.0] * 7),
    "steps: a billion bands": with_spec(steps=[{"kind": "log_mel", "n_mels": 10**9}]),
    "golden: empty": with_bytes("golden.npz", lambda _: b""),
    "golden: half": with_bytes("golden.npz", lambda old: old[: len(old) // 2]),
    "golden: no zip": with_bytes("golden.npz", lambda old: b"x" * len(old)),
    "golden: a flipped byte": with_bytes(
        "golden.npz", lambda old: old[:90] + bytes([old[90] ^ 255]) + old[91:]
    ),
    "golden: a pickle": with_array("labels", lambda old: np.array([{}] * len(old), object)),
    "golden: a truncated array": with_array("labels", npy((32,), "<i8", b"\x00")),
    "golden: an array of 8 EiB": with_array("windows", npy((2**60,))),
    "golden: an array of 10**400": with_array("windows", npy((10**400,))),
    "golden: an array of -1": with_array("windows", npy((-1,))),
    "golden: 1 TiB of nothing": with_array("windows", npy((2**38,), data=bytes(100))),
    "golden: no .npy": with_array("windows", b""),
    "golden: a nested head": with_array("windows", npy("(" * 4000 + ")" * 4000)),
    "golden: a version to come": with_array("windows", npy((1,), version=(9, 0))),
    "golden: a bomb": with_array("windows", npy((2**27,), data=bytes(2**26 + 1))),
    "golden: windows are NaN": with_array("windows", fill(np.nan)),
    "golden: windows are float64": with_array("windows", lambda old: old.astype(np.float64)),
    "golden: windows of another length": with_array("windows", lambda old: old[:, :50]),
    "golden: inputs are int16": with_array("inputs", lambda old: old.astype(np.int16)),
    "golden: inputs of another size": with_array("inputs", lambda old: old[:, :4]),
    "golden: outputs of another size": with_array("outputs", lambda old: old[:, :2]),
    "golden: one label too few": with_array("labels", lambda old: old[:-1]),
    "golden: label 3 of 3": with_array("labels", fill(3)),
    "golden: label -1": with_array("labels", fill(-1)),
    "golden: labels are floats": with_array("labels", lambda old: old.astype(np.float32)),
    "golden: no window": with_array("labels", lambda old: old[:0]),
    "model: empty": with_bytes("model_int8.tflite", lambda _: b""),
    "model: half": with_bytes("model_int8.tflite", lambda old: old[: len(old) // 2]),
    "model: noise": with_bytes("model_int8.tflite", lambda old: bytes(len(old))),
    "model: of 65 MB": with_bytes("model_int8.tflite", lambda old: old + bytes(65 << 20)),
    "report: a list": with_json("report.json", "[]"),
    "report: an accuracy of NaN": with_bytes(
        "report.json",
        lambda old: old.replace(b'"accuracy_floor": 0', b'"accuracy_floor": NaN, "x": 0'),
    ),
    "report: nested too deep": with_json("report.json", '{"a":' * 100_000),
    "report: 5,000 digits": with_json("report.json", '{"seed": ' + "9" * 5000 + "}"),
    "stream: of another network": with_json(
        "stream.json", '{"keywords": [0], "n_classes": 12, "silence": 1}'
    ),
}
