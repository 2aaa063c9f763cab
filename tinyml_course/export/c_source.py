"""Writes NAME.h and NAME.c: a network as C that needs no interpreter.

A generated file reads from top to bottom: what it is, the kernels it uses, a block for each layer
with its tables and one short function, the memory plan, and `NAME_invoke`, one call a layer.
Every symbol begins with the model's name, so several models fit into one program. Each layer has a
readable variant and may have a fast one behind `NAME_FAST_KERNELS`; `layer_code.LayerCode` is the
interface between the two and this writer, `kernels/README.md` its description. Lesson 08 reads a
generated file.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinyml_course.errors import ExportError
from tinyml_course.export import elementwise, softmax
from tinyml_course.export.c_text import (
    check_name,
    comment_block,
    comment_safe,
    float_literal,
    table_text,
    values_text,
)
from tinyml_course.export.folding import load_graph
from tinyml_course.export.ir import C_TYPES, ITEM_BYTES, Graph, Tensor
from tinyml_course.export.layer_code import LayerCode
from tinyml_course.export.macs import count_macs, operator_macs
from tinyml_course.export.program import Layer, Program, build_program, run_time_inputs

KERNELS = Path(__file__).parent / "kernels"
_NEEDS = re.compile(r"/\* needs: ([a-z0-9_ ]+) \*/\n")


@dataclass(frozen=True)
class CSource:
    """A model as C.

    Attributes:
        header, source: the text of NAME.h and NAME.c.
        arena_bytes: static RAM for intermediate values, the greater of the two variants.
        table_bytes: flash that the constants take; code comes on top.
    """

    name: str
    header: str
    source: str
    arena_bytes: int
    table_bytes: int
    macs: int


def generate_c_source(model_bytes: bytes, name: str, allow_fast: bool = True) -> CSource:
    """The C of a model, as text.

    Args:
        model_bytes: a .tflite file.
        name: prefix of all symbols; lower-case letters, digits, underscores.
        allow_fast: False leaves the fast kernels out, for a file with nothing but the readable.

    Raises:
        ExportError, UnsupportedOperatorError: as `load_graph`.
    """
    check_name(name)
    program = build_program(load_graph(model_bytes), allow_fast)
    return _Writer(program, name).write()


def export_c_source(
    model_bytes: bytes, out_dir: Path | str, name: str, allow_fast: bool = True
) -> tuple[Path, Path]:
    """Write NAME.h and NAME.c into a folder; nothing is written if the model is refused.

    Returns:
        The paths of the header and the source.

    Raises:
        ExportError: the model cannot be exported, or the folder cannot be written.
    """
    code = generate_c_source(model_bytes, name, allow_fast)
    out_dir = Path(out_dir)
    paths = out_dir / f"{name}.h", out_dir / f"{name}.c"
    write_files(dict(zip(paths, (code.header, code.source), strict=True)))
    return paths


def write_files(texts: dict[Path, str]) -> None:
    """Write files beside their places and rename them: each is there whole, or not at all.

    Raises:
        ExportError: the file system refuses.
    """
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in texts}
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside[path].write_text(text, encoding="ascii", newline="\n")
        for path in texts:
            beside[path].replace(path)
    except OSError as error:
        for path in beside.values():
            path.unlink(missing_ok=True)
        raise ExportError(
            f"cannot write {error.filename}: {error.strerror}. Choose another --out folder"
        ) from error


def argument_names(graph: Graph) -> tuple[list[str], list[str]]:
    """What the arguments of NAME_invoke are called."""

    def name(kind: str, count: int) -> list[str]:
        return [kind] if count == 1 else [f"{kind}_{i}" for i in range(count)]

    return name("input", len(graph.inputs)), name("output", len(graph.outputs))


def invoke_declaration(graph: Graph, name: str) -> str:
    """The prototype of NAME_invoke, without the semicolon."""
    inputs, outputs = argument_names(graph)
    parameters = [
        f"const {graph.tensors[i].c_type} *{argument}"
        for i, argument in zip(graph.inputs, inputs, strict=True)
    ] + [
        f"{graph.tensors[i].c_type} *{argument}"
        for i, argument in zip(graph.outputs, outputs, strict=True)
    ]
    return f"void {name}_invoke({', '.join(parameters)})"


def shape_text(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape)) or "1"


def tensor_text(tensor: Tensor) -> str:
    """Shape, type and quantization in words."""
    text = f"{shape_text(tensor.shape)} {tensor.dtype}"
    q = tensor.quantization
    if q is None or tensor.dtype not in ("int8", "int16"):
        return text
    if q.is_per_channel:
        return f"{text}, {len(q.scales)} scales from {min(q.scales):.4g} to {max(q.scales):.4g}"
    return f"{text}, scale {q.scale:.8g}, zero point {q.zero_point}"


class _Writer:
    def __init__(self, program: Program, name: str) -> None:
        self.program = program
        self.graph = program.graph
        self.name = name
        self.macro = name.upper()
        self.inputs, self.outputs = argument_names(self.graph)

    def write(self) -> CSource:
        plans = [self.program.readable_plan, self.program.fast_plan]
        arena_bytes = max(plan.arena_bytes for plan in plans if plan is not None)
        table_bytes = sum(
            max(c.flash_bytes for c in (layer.readable, layer.fast) if c is not None)
            for layer in self.program.layers
            if not layer.is_alias
        )
        self.facts = self._facts(arena_bytes, table_bytes)
        source = "\n\n".join(
            part.strip("\n")
            for part in (
                self._head(f"{self.name}.c", "the network"),
                f'#include "{self.name}.h"\n\n#include <string.h>',
                *self._kernels(),
                *(self._layer(layer) for layer in self.program.layers),
                self._arena(),
                self._invoke(),
            )
            if part
        )
        return CSource(self.name, self._header(), source + "\n", arena_bytes, table_bytes,
                       count_macs(self.graph))

    # -- the top of both files

    def _facts(self, arena_bytes: int, table_bytes: int) -> list[str]:
        from tinyml_course import __version__

        kinds = Counter(operator.kind for operator in self.graph.operators)
        operators = ", ".join(f"{n} {kind}" for kind, n in kinds.items()) or "none"
        at = [(kind, self.graph.tensors[i]) for kind, indices in
              (("input", self.graph.inputs), ("output", self.graph.outputs)) for i in indices]
        callers = sum(tensor.size_bytes for _, tensor in at)
        lines = [
            f"Generated by tinyml_course {__version__} from a .tflite model. Do not edit:",
            "change the model and export it again.",
            "",
            f"model      SHA-256 {self.graph.sha256}",
            f"           {self.graph.file_bytes:,} bytes",
        ]
        operators_lines = _wrap(operators, 76)
        lines.append(f"operators  {operators_lines[0]}")
        lines += [f"           {line}" for line in operators_lines[1:]]
        lines += [f"{kind:10} {tensor_text(tensor)}" for kind, tensor in at]
        lines += [
            f"MACs       {count_macs(self.graph):,}",
            f"flash      {table_bytes:,} bytes of tables; code comes on top",
            f"RAM        {arena_bytes:,} bytes static; the caller owns another {callers:,} bytes "
            "for input and output",
        ]
        if any(t.dtype != "float32" for _, t in at):
            lines.append("rounding   twice, as TFLM does without TFLITE_SINGLE_ROUNDING")
        return lines

    def _head(self, file_name: str, what: str) -> str:
        lines = [f"{file_name}: {what} of the model '{self.name}'.", "", *self.facts]
        return comment_block((comment_safe(line) for line in lines), "=")

    def _header(self) -> str:
        m = self.macro
        lines = [
            self._head(f"{self.name}.h", "the interface"),
            f"#ifndef {m}_H\n#define {m}_H\n\n#include <stdint.h>\n",
        ]
        for kind, indices, names in (
            ("INPUT", self.graph.inputs, self.inputs),
            ("OUTPUT", self.graph.outputs, self.outputs),
        ):
            for index, argument in zip(indices, names, strict=True):
                tensor = self.graph.tensors[index]
                prefix = f"{m}_{argument.upper()}"
                lines.append(
                    f"#define {prefix}_SIZE {tensor.elements} /* {shape_text(tensor.shape)} "
                    f"{tensor.dtype} */"
                )
                if tensor.dtype != "float32" and tensor.quantization is not None:
                    point = tensor.zero_point
                    lines.append(
                        f"#define {prefix}_SCALE {float_literal(tensor.scale)}\n"
                        f"#define {prefix}_ZERO_POINT {f'({point})' if point < 0 else point}"
                    )
            del kind
        lines.append(self._variant_macros())
        lines.append(
            "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
            "/* One inference. It keeps nothing between calls, allocates nothing, calls nothing\n"
            " * outside; two calls must not run at the same time, they share one arena. */\n"
            f"{invoke_declaration(self.graph, self.name)};\n\n"
            "#ifdef __cplusplus\n}\n#endif\n\n#endif"
        )
        return "\n".join(lines) + "\n"

    def _variant_macros(self) -> str:
        m = self.macro
        readable = f"#define {m}_ARENA_BYTES {self.program.readable_plan.arena_bytes}"
        comment = "/* Static RAM for the values between layers. */"
        if not self.program.has_fast_variant:
            return f"\n{comment}\n{readable}\n"
        fast = f"#define {m}_ARENA_BYTES {self.program.fast_plan.arena_bytes}"
        return (
            "\n/* 1: kernels for the DSP instructions of a Cortex-M4 and its like; 0: the\n"
            " * readable ones. The answers are the same. Define it yourself to choose. */\n"
            f"#ifndef {m}_FAST_KERNELS\n#ifdef __ARM_FEATURE_DSP\n#define {m}_FAST_KERNELS 1\n"
            f"#else\n#define {m}_FAST_KERNELS 0\n#endif\n#endif\n\n{comment}\n"
            f"#if {m}_FAST_KERNELS\n{fast}\n#else\n{readable}\n#endif\n"
        )

    # -- kernels

    def _kernels(self) -> list[str]:
        readable = self._closure(layer.readable for layer in self.program.layers)
        if not self.program.has_fast_variant:
            return [self._kernel(k) for k in readable]
        fast = self._closure(layer.fast or layer.readable for layer in self.program.layers)
        parts = [self._kernel(k) for k in readable if k in fast]
        only_fast = [self._kernel(k) for k in fast if k not in readable]
        only_readable = [self._kernel(k) for k in readable if k not in fast]
        return [*parts, self._either("\n\n".join(only_fast), "\n\n".join(only_readable))]

    def _closure(self, codes) -> list[str]:
        """Kernels in the order in which C must see them: what is needed comes first."""
        found: list[str] = []

        def visit(kernel: str) -> None:
            stem, _, types = kernel.partition(":")
            for needed in kernel_needs(stem):
                visit(needed if "_TYPE" not in kernel_text(needed) else f"{needed}:{types}")
            if kernel not in found:
                found.append(kernel)

        for code in codes:
            for kernel in code.kernels if code is not None else ():
                visit(kernel)
        return found

    def _kernel(self, kernel: str) -> str:
        stem, _, types = kernel.partition(":")
        text = _NEEDS.sub("", kernel_text(stem))
        if types:
            text = re.sub(r"(_|\b)TYPE\b", rf"\g<1>{types}", text)
            first, last = types.split("_")[0], types.split("_")[-1]
            text = re.sub(r"\belement_t\b", C_TYPES.get(last, last), text)
            text = re.sub(r"\binput_t\b", C_TYPES.get(first, first), text)
        return self._named(text.strip("\n"))

    def _named(self, text: str, layer: Layer | None = None) -> str:
        """Symbols with the model's prefix instead of `model_`, `MODEL_` and `layer_`."""
        text = re.sub(r"\bmodel_", f"{self.name}_", text)
        text = re.sub(r"\bMODEL_", f"{self.macro}_", text)
        if layer is not None:
            text = re.sub(r"\blayer_", f"{self.name}_{layer.number}_", text)
        return text

    def _either(self, fast: str, readable: str) -> str:
        """Text for the fast variant and text for the readable one, where they differ."""
        if fast == readable:
            return fast
        if not fast:
            return f"#if !{self.macro}_FAST_KERNELS\n{readable}\n#endif"
        if not readable:
            return f"#if {self.macro}_FAST_KERNELS\n{fast}\n#endif"
        return f"#if {self.macro}_FAST_KERNELS\n{fast}\n#else\n{readable}\n#endif"

    # -- layers

    def _layer(self, layer: Layer) -> str:
        head = comment_block(self._layer_facts(layer))
        if layer.is_alias:
            return head
        codes = [layer.readable] if layer.fast is None else [layer.fast, layer.readable]
        tables = [
            {t.name: table_text(t.c_type, f"layer_{t.name}", t.values) for t in code.tables}
            for code in codes
        ]
        shared = [text for key, text in tables[0].items()
                  if all(other.get(key) == text for other in tables)]
        own = ["\n".join(text for text in each.values() if text not in shared) for each in tables]
        functions = [self._function(layer, code) for code in codes]
        texts = ["\n\n".join(part for part in pair if part)
                 for pair in zip(own, functions, strict=True)]
        body = texts[0] if len(texts) == 1 else self._either(*texts)
        return self._named("\n".join([head, *shared, body]), layer)

    def _layer_facts(self, layer: Layer) -> list[str]:
        graph, operator = self.graph, layer.operator
        lines = [f"Layer {layer.number}: {operator.kind} '{operator.name}'"]
        labels = {1: "weights", 2: "bias"} if operator_macs(graph, operator) else {}
        for position, index in enumerate(operator.inputs):
            if index is None:
                continue
            tensor = graph.tensors[index]
            label = labels.get(position, "constant" if tensor.is_constant else "input")
            size = f", {tensor.size_bytes:,} bytes" if tensor.is_constant else ""
            lines.append(f"  {label:9}{tensor_text(tensor)}{size}")
        lines.append(f"  {'output':9}{tensor_text(graph.output_of(operator))}")
        activation = operator.options.get("fused_activation_function", "NONE")
        if activation != "NONE":
            lines.append(f"  {'then':9}{activation}")
        if layer.is_alias:
            lines.append("  The same bytes under another shape: no code.")
        else:
            macs = operator_macs(graph, operator)
            flash = max(c.flash_bytes for c in (layer.readable, layer.fast) if c is not None)
            lines.append(f"  {'cost':9}{macs:,} MACs, {flash:,} bytes of tables")
        return [comment_safe(line) for line in lines]

    def _function(self, layer: Layer, code: LayerCode) -> str:
        graph, operator = self.graph, layer.operator
        inputs = run_time_inputs(graph, operator)
        names = ["input"] if len(inputs) == 1 else [f"input_{i}" for i in range(len(inputs))]
        parameters = [f"const {t.c_type} *{n}" for t, n in zip(inputs, names, strict=True)]
        parameters.append(f"{graph.output_of(operator).c_type} *output")
        body = code.body
        if layer.scratch_bytes:
            parameters.append("int16_t *scratch")
            if not code.scratch_bytes:
                body = f"    (void)scratch;\n{body}"
        return (
            f"static void layer_{operator.kind.lower()}({', '.join(parameters)})\n"
            f"{{\n{body.rstrip()}\n}}"
        )

    # -- memory and the sequence of layers

    def _arena(self) -> str:
        if not self._plan_entries(self.program.readable_plan) and not (
            self.program.fast_plan and self._plan_entries(self.program.fast_plan)
        ):
            return ""
        readable = self._plan_text(self.program.readable_plan)
        plan = readable
        if self.program.has_fast_variant:
            plan = self._either(self._plan_text(self.program.fast_plan), readable)
        types = sorted(
            {self.graph.output_of(layer.operator).dtype for layer in self.program.layers}
            | ({"int16"} if any(not x.is_alias and x.scratch_bytes for x in self.program.layers)
               else set()),
            key=lambda dtype: (ITEM_BYTES[dtype], dtype),
        )
        members = "\n".join(
            f"    {C_TYPES[t]} {t}[{self.macro}_ARENA_BYTES"
            + (f" / {ITEM_BYTES[t]}];" if ITEM_BYTES[t] > 1 else "];")
            for t in types
        )
        aligned = "" if types and ITEM_BYTES[types[-1]] == 4 else "\n    int32_t aligned;"
        return (
            comment_block(["Memory: one array holds every value between two layers, and each lies",
                           "where nothing that is still needed lies."]) + "\n"
            f"{plan}\n\nstatic union {{\n{members}{aligned}\n}} {self.name}_arena;"
        )

    def _plan_entries(self, plan) -> list[tuple[str, int, str]]:
        entries = []
        for key, address in sorted(plan.addresses.items(), key=lambda item: (abs(item[0]), item)):
            if key >= 0:
                tensor = self.graph.output_of(self.graph.operators[key])
                entries.append((f"{self.macro}_AT_{key}", address, f"{tensor.size_bytes:,} bytes"))
        for layer in self.program.layers:
            if not layer.is_alias and layer.scratch_bytes:
                address = plan.addresses.get(-1 - layer.number, 0)
                entries.append((f"{self.macro}_SCRATCH_{layer.number}", address,
                                f"scratch memory of layer {layer.number}"))
        return entries

    def _plan_text(self, plan) -> str:
        lines = [
            f"    {name} = {address}, /* {comment} */"
            for name, address, comment in self._plan_entries(plan)
        ]
        if not lines:
            return ""
        lines[-1] = lines[-1].replace(", /*", " /*", 1)
        return "enum { /* addresses of the layers' outputs */\n" + "\n".join(lines) + "\n};"

    def _pointer(self, tensor_index: int) -> str:
        """A value as an argument of a layer's function."""
        tensor = self.graph.tensors[tensor_index]
        place = self.program.places[tensor_index]
        if place.kind == "input":
            return self.inputs[place.number]
        if place.kind == "output":
            return self.outputs[place.number]
        return self._arena_pointer(tensor.dtype, f"AT_{place.number}")

    def _arena_pointer(self, dtype: str, constant: str) -> str:
        item = ITEM_BYTES[dtype]
        divisor = f" / {item}" if item > 1 else ""
        return f"{self.name}_arena.{dtype} + {self.macro}_{constant}{divisor}"

    def _invoke(self) -> str:
        lines = []
        for layer in self.program.layers:
            if layer.is_alias:
                continue
            operator = layer.operator
            arguments = [self._pointer(t.index) for t in run_time_inputs(self.graph, operator)]
            arguments.append(self._pointer(operator.outputs[0]))
            if layer.scratch_bytes:
                arguments.append(self._arena_pointer("int16", f"SCRATCH_{layer.number}"))
            function = f"{self.name}_{layer.number}_{operator.kind.lower()}"
            lines.append(f"    {function}({', '.join(arguments)});")
        for tensor_index, number in self.program.copies:
            size = self.graph.tensors[tensor_index].size_bytes
            lines.append(
                f"    memcpy({self.outputs[number]}, {self._pointer(tensor_index)}, {size});"
            )
        text = " ".join(lines)
        unused = [name for name in self.inputs if not re.search(rf"\b{name}\b", text)]
        body = "\n".join([*(f"    (void){name};" for name in unused), *lines])
        declaration = invoke_declaration(self.graph, self.name)
        return f"{declaration}\n{{\n{body}\n}}"


def kernel_text(stem: str) -> str:
    """The text of a kernel file, with the tables that are computed filled in."""
    text = (KERNELS / f"{stem}.c").read_text(encoding="ascii")
    for token, make in _COMPUTED_TABLES.items():
        if token in text:
            text = text.replace(token, values_text(make()))
    return text


_COMPUTED_TABLES = {
    "@SIGMOID_TABLE@": elementwise.sigmoid_table,
    "@EXP_TABLE@": softmax.exp_table,
    "@RECIPROCAL_TABLE@": softmax.reciprocal_table,
}


def kernel_needs(stem: str) -> list[str]:
    """The kernels that a kernel calls."""
    match = _NEEDS.match(kernel_text(stem))
    return match.group(1).split() if match else []


def _wrap(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > width and line:
            lines.append(line.rstrip())
            line = ""
        line += word + " "
    return [*lines, line.rstrip()]
