"""Sketches that never finish, fill the memory or the disk, or make the compiler fall over."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

from dataclasses import dataclass, field

RUNS = "void setup() { Serial.begin(9600); Serial.println(1); }\nvoid loop() { delay(10); }\n"
TIME, MEMORY = "was stopped after", "needed more than it may have"
ENDS = f"{TIME}|{MEMORY}"


@dataclass(frozen=True)
class Build:
    """One way to keep the compiler busy.

    Attributes:
        ino: the main file.
        refused: what the error says; empty: it builds and prints 1.
        seconds: the limit of time that the case gets; real ones have a minute.
    """

    name: str
    ino: str
    refused: str = ""
    files: dict[str, str] = field(default_factory=dict)
    seconds: float = 3.0


def doubling(count: int, word: str) -> str:
    lines = [f"#define A0 {word}"]
    lines += [f"#define A{i} A{i - 1} A{i - 1}" for i in range(1, count)]
    return "\n".join(lines) + f"\nint many[] = {{A{count - 1} 0}};\n"


BUILDS = [
    Build("template bomb", "template <int N, int M> struct T { enum { n = T<N - 1, M * 2>::n + T<N - 1, M * 2 + 1>::n }; };\ntemplate <int M> struct T<0, M> { enum { n = 1 }; };\nint x = T<26, 1>::n;\n" + RUNS, ENDS),
    Build("template without end", "template <int N> struct T { T<N + 1> next; };\nT<0> t;\n" + RUNS, "not compile"),
    Build("macro bomb", doubling(34, "1,") + RUNS, ENDS),
    Build("macro bomb in an #if", "\n".join(["#define A0 1+", *(f"#define A{i} A{i - 1} A{i - 1}" for i in range(1, 32))]) + "\n#if A31 0\n#endif\n" + RUNS, ENDS),
    Build("headers that include each other twice", '#include "x.h"\n' + RUNS, f"{ENDS}|nested too deeply", {"x.h": '#if __INCLUDE_LEVEL__ < 60\n#include "x.h"\n#include "x.h"\n#endif\n'}),
    Build("a file that includes itself", '#include __FILE__\n' + RUNS, "not compile"),
    Build("constexpr without end", "constexpr int f(int n) { return n < 2 ? n : f(n - 1) + f(n - 2); }\nconstexpr int x = f(60);\n" + RUNS, f"{ENDS}|not compile"),
    Build("an array of a gigabyte", "char big[1 << 30] = {1};\nvoid setup() { Serial.println(big[millis()]); }\nvoid loop() {}\n", f"{ENDS}|too many", seconds=20),
    Build("space of the assembler", RUNS, f"{ENDS}|too many|not compile|compiler failed", {"x.S": ".section .data.keep\n.global keep\nkeep:\n.fill 4000000000, 1, 7\n"}, seconds=6),
    Build("repetition of the assembler", RUNS, ENDS, {"x.S": ".rept 1000000000\n.byte 1\n.endr\n"}),
    Build("deep nesting", "int x = " + "(" * 200_000 + "1" + ")" * 200_000 + ";\n" + RUNS, "not compile"),
    Build("deep expression", "int f(int a) { return a" + "-a" * 60_000 + "; }\n" + RUNS, f"{ENDS}|not compile|compiler failed|broke off|^1$"),
    Build("60,000 functions", "".join(f"int f{i}(int a, int b) {{ int s = 0; for (int i = 0; i < a; i++) s += b * {i} + s / (i + 1); return s; }}\n" for i in range(60_000)) + RUNS, TIME, seconds=2),
    Build("100,000 warnings", "".join(f"#warning {i}\n" for i in range(100_000)) + RUNS, seconds=60),
    Build("the compiler's own crash", "#pragma clang __debug crash\n" + RUNS, "compiler failed|broke off|not compile"),
    Build("the compiler's own fatal error", "#pragma clang __debug llvm_fatal_error\n" + RUNS, "compiler failed|broke off|not compile|fatal"),
    Build("the compiler's own overflow", "#pragma clang __debug overflow_stack\n" + RUNS, f"{ENDS}|compiler failed|broke off|not compile"),
    Build("a long name", "int " + "a" * 2_000_000 + ";\n" + RUNS, seconds=20),
    Build("an alias to itself", 'extern "C" { void a() __attribute__((alias("b"))); void b() __attribute__((alias("a"))); }\n' + RUNS, "not compile"),
    Build("a section at a wild place", '__attribute__((section(".vectors"), used)) int x[99] = {1};\n' + RUNS),
]  # fmt: skip
