"""What to use instead of an operator that the exporter has no C for."""

from __future__ import annotations

from collections.abc import Sequence

ANYTHING_ELSE = "Use another layer, or run the model with TFLM"

_OUTSIDE = "Let the values leave the model, and compute it in your program"
_DILATION = "Give the input a fixed length, so that dilation stays in the convolution"
_LOOP = "Unroll the recurrent layer (unroll=True), or use tf.keras.layers.LSTM or Conv1D"
_REMEDIES = {
    "CUSTOM": "Build the layer from standard operators",
    "WHILE": _LOOP,
    "IF": "Decide in your program, and export one model for each branch",
    "RNN": _LOOP,
    "LSTM": "Convert with a current TensorFlow, which writes UNIDIRECTIONAL_SEQUENCE_LSTM",
    "UNIDIRECTIONAL_SEQUENCE_RNN": _LOOP,
    "BIDIRECTIONAL_SEQUENCE_RNN": _LOOP,
    "BIDIRECTIONAL_SEQUENCE_LSTM": "Use two LSTMs, one of them on the reversed sequence",
    "BATCH_MATMUL": "Use Dense layers",
    "GELU": "Use ReLU, ELU or HARD_SWISH",
    "RELU_N1_TO_1": "Use RELU6, or clip with MINIMUM and MAXIMUM",
    "RELU_0_TO_1": "Use RELU6, or clip with MINIMUM and MAXIMUM",
    "LOG_SOFTMAX": "Use SOFTMAX: the greatest is the same one",
    "L2_NORMALIZATION": "Leave it out, and divide by the norm in your program",
    "L2_POOL_2D": "Use MAX_POOL_2D or AVERAGE_POOL_2D",
    "LOCAL_RESPONSE_NORMALIZATION": "Use batch normalization, which the converter folds away",
    "BATCH_TO_SPACE_ND": _DILATION,
    "SPACE_TO_BATCH_ND": _DILATION,
    "MIRROR_PAD": "Pad with zeros (PAD) or with a constant (PADV2)",
    "TILE": "Elementwise operators repeat a smaller operand by themselves; or use CONCATENATION",
    "BROADCAST_TO": "Elementwise operators repeat a smaller operand by themselves",
    "ADD_N": "Use ADD, two at a time",
    "FILL": "Use a constant",
    "ZEROS_LIKE": "Use a constant",
    "ARG_MIN": "Use ARG_MAX of the values times -1",
    "REDUCE_MIN": "Use REDUCE_MAX of the values times -1",
    "GATHER_ND": "Use GATHER or STRIDED_SLICE with constant places",
    "EMBEDDING_LOOKUP": "Look the rows up in your program, and feed them to the rest of the model",
    "DYNAMIC_UPDATE_SLICE": "Use CONCATENATION of slices with constant places",
    "REVERSE_V2": "Reverse the input in your program, or use GATHER with constant places",
    "TOPK_V2": _OUTSIDE,
    "CUMSUM": _OUTSIDE,
    "WHERE": _OUTSIDE,
    "SELECT": _OUTSIDE,
    "SELECT_V2": _OUTSIDE,
    **dict.fromkeys(("LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL"), _OUTSIDE),
    **dict.fromkeys(("EQUAL", "NOT_EQUAL"), _OUTSIDE),
    **dict.fromkeys(("LOGICAL_AND", "LOGICAL_OR", "LOGICAL_NOT"), _OUTSIDE),
    **dict.fromkeys(("LOG", "SIN", "COS", "FLOOR", "CEIL", "ROUND"), _OUTSIDE),
    **dict.fromkeys(("POW", "FLOOR_DIV", "FLOOR_MOD"), _OUTSIDE),
}


def types_remedy(
    kind: str, given: tuple[str | None, str], signatures: Sequence[Sequence[str]]
) -> str:
    """The remedy for an operator whose types have no C: which have, and how to get there.

    Args:
        kind: the operator.
        given: the types of its first input and of its output.
        signatures: the types of (inputs ..., output) that are exported; "?" marks an optional one.

    >>> types_remedy("SQRT", ("int8", "int8"), [("float32", "float32")])
    'SQRT is exported for float32: convert the model so, or use another layer'
    >>> types_remedy("ADD", ("uint8", "uint8"), [("int8",) * 3, ("float32",) * 3])
    'ADD is exported for int8, float32: quantize fully to int8, or convert as float32'
    """
    same_ends = [s for s in signatures if (s[0], s[-1]) == given]
    if same_ends:
        inputs = " or ".join(dict.fromkeys("(" + ", ".join(s[:-1]) + ")" for s in same_ends))
        words = f"{given[0]} with the inputs {inputs.replace('?', '')}"
    else:
        ends = dict.fromkeys((s[0], s[-1]) for s in signatures)
        words = ", ".join(a if a == b else f"{a} to {b}" for a, b in ends)
    if kind == "ARG_MAX" and given[1] == "int64":
        how = "give it output_type=tf.int32"
    elif given[0] in ("int8", "int16", "float32"):
        how = "convert the model so, or use another layer"
    else:
        how = "quantize fully to int8, or convert as float32"
    return f"{kind} is exported for {words}: {how}"


def remedy(kind: str) -> str:
    """The remedy for an operator by its name, as a `refuse` wants it.

    >>> remedy("LOG_SOFTMAX")
    'Use SOFTMAX: the greatest is the same one'
    >>> remedy("CUSTOM (XC_conv2d_v2)")
    'Build the layer from standard operators'
    """
    return _REMEDIES.get(kind.split(" ")[0], ANYTHING_ELSE)
