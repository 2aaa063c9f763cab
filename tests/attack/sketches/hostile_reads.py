"""Sketches that want a file of this computer in their output, or to know that it is there.

`@` in a text stands for the path of the file, `@@` for the number of folders up to the root.
"""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

from dataclasses import dataclass, field

PRINT = "void setup() { Serial.begin(9600); Serial.println(secret); }\nvoid loop() { delay(10); }\n"
SAY = "void setup() { Serial.begin(9600); Serial.println(found); }\nvoid loop() { delay(10); }\n"
LINKED = 'extern "C" const char secret[];\n' + PRINT
IDLE = "void setup() { Serial.begin(9600); Serial.println(1); }\nvoid loop() { delay(10); }\n"
DATA = ".section .rodata\n.global secret\nsecret:\n"
# What a string that is an object can be in `asm((...))`, with the compiler's extension for it.
TEXT = (
    "struct Text { const char *p; unsigned n; constexpr const char *data() const { return p; }\n"
    "  constexpr unsigned size() const { return n; } };\n"
)
LENGTH = "constexpr unsigned length(const char *p) { return *p ? 1 + length(p + 1) : 0; }\n"


@dataclass(frozen=True)
class Read:
    """One way to the file.

    Attributes:
        ino: the main file.
        files: further ones by name; a value that begins with `->` is a link.
        refused: what the refusal says, with every fence up; empty: it runs, and finds nothing.
        is_plain: the text alone gives it away, so the compiler is not started.
    """

    name: str
    ino: str
    refused: str = ""
    files: dict[str, str] = field(default_factory=dict)
    is_plain: bool = False


def plain(name: str, ino: str, files: dict[str, str] | None = None, says: str = "leads out"):
    return Read(name, ino, says, files or {}, is_plain=True)


READS = [
    # --- written openly ---------------------------------------------------------------------------
    plain("include, absolute", 'const char secret[] =\n#include "@"\n;\n' + PRINT),
    plain("include, angle brackets", "const char secret[] =\n#include <@>\n;\n" + PRINT),
    plain("include, up and out", 'const char secret[] =\n#include "@@@"\n;\n' + PRINT),
    plain("include, up through src", IDLE, {"src/a.cpp": '#include "../../../x.h"\n'}),
    plain("import", 'const char secret[] =\n#import "@"\n;\n' + PRINT),
    plain("include_next", 'const char secret[] =\n#include_next "@"\n;\n' + PRINT),
    plain("in a header", '#include "x.h"\n' + PRINT, {"x.h": 'const char secret[] =\n#include "@"\n;'}),
    plain("include, digraph", 'const char secret[] =\n%:include "@"\n;\n' + PRINT),
    plain("include, continued lines", 'const char secret[] =\n#inc\\\nlude \\\n "@"\n;\n' + PRINT),
    plain("include, comments between", '/*"*/const char secret[] =\n/**/#/**/include/**/"@"\n;\n' + PRINT),
    plain("include, a path of Windows", r'#include "C:\Users\me\secret.h"' + "\n" + IDLE),
    plain("embed, C++", 'const char secret[] = {\n#embed "@"\n,0};\n' + PRINT),
    plain("embed, C", LINKED, {"x.c": 'const char secret[] = {\n#embed "@" limit(90)\n,0};'}),
    plain("has_include", '#if __has_include("@")\nint found = 1;\n#else\nint found = 0;\n#endif\n' + SAY),
    plain("has_embed", '#if __has_embed("@")\nint found = 1;\n#else\nint found = 0;\n#endif\n' + SAY),
    plain("pragma dependency", '#pragma GCC dependency "@"\n' + IDLE),
    plain("incbin", f'__asm__("{DATA.encode().decode()}'.replace("\n", "\\n") + '.incbin \\"@\\"");\n' + LINKED, says="incbin"),
    plain("incbin, joined strings", 'void f() { asm(".inc" /* */ "bin \\"@\\""); }\n' + IDLE, says="incbin"),
    plain("incbin, escaped letters", 'void f() { asm("\\x2einc\\142in \\"@\\""); }\n' + IDLE, says="incbin"),
    plain("incbin, assembler file", LINKED, {"x.S": DATA + '.incbin "@"\n.byte 0\n'}, says="incbin"),
    plain("assembler include", LINKED, {"x.S": DATA + '.include "@"\n'}, says="include"),
    plain("a link to the file", '#include "x.h"\n' + PRINT, {"x.h": "->@"}, says="link that leads out"),
    plain("a source that is a link", LINKED, {"x.c": "->@"}, says="link that leads out"),
    plain("src is a link to /", IDLE, {"src": "->/"}, says="link that leads out"),
    plain("a link to a link", '#include "x.h"\n' + PRINT, {"y": "->@", "x.h": "->y"}, says="link that leads out"),
    # --- by macros: the view of files answers -----------------------------------------------------
    Read("include, macro", 'const char secret[] =\n#define H "@"\n#include H\n;\n' + PRINT, "file not found"),
    Read("include, macro, brackets", "const char secret[] =\n#define H <@>\n#include H\n;\n" + PRINT, "file not found"),
    Read("include, made of pieces", "const char secret[] =\n#define S(x) #x\n#define T(x) S(x)\n#include T(@)\n;\n" + PRINT, "file not found"),
    Read("include, pasted word", 'const char secret[] =\n#define P(a, b) a##b\n#define H P(L, ITTLE)\n#define LITTLE "@"\n#include H\n;\n' + PRINT, "file not found"),
    Read("include, up by macro", 'const char secret[] =\n#define H "@@@"\n#include H\n;\n' + PRINT, "file not found"),
    Read("include, through the core", "const char secret[] =\n#define H <../../../../../../../@@@>\n#include H\n;\n" + PRINT, "file not found"),
    Read("include, wide string of C", LINKED, "file not found", {"x.c": '#define H "@"\nconst char secret[] =\n#include H\n;\n'}),
    Read("has_include, macro", '#define H "@"\n#if __has_include(H)\nint found = 1;\n#else\nint found = 0;\n#endif\n' + SAY),
    Read("has_include_next, macro", '#define H "@"\n#if __has_include_next(H)\nint found = 1;\n#else\nint found = 0;\n#endif\n' + SAY),
    Read("has_embed, macro", '#define H "@"\n#if __has_embed(H)\nint found = 1;\n#else\nint found = 0;\n#endif\n' + SAY),
    Read("embed, macro", 'const char secret[] = {\n#define H "@"\n#embed H\n,0};\n' + PRINT, "not compile"),
    Read("_Pragma dependency", '_Pragma("GCC dependency \\"@\\"")\n' + IDLE, "file not found|not compile"),
    Read("a C library's header of its own", "#include <string.h>\n" + IDLE, "file not found", {"string.h": '#define H "@"\nconst char *s =\n#include H\n;\n'}),
    Read("an Arduino.h of its own", IDLE, "file not found", {"Arduino.h": '#define H "@"\n#include H\n'}),
    Read("assembler file, C's include", LINKED, "file not found", {"x.S": DATA + '#define H "@"\n#include H\n'}),
    # --- past the preprocessor: the walls ----------------------------------------------------------
    Read("incbin, macro", '#define D ".inc"\n#define E "bin \\"@\\""\nvoid f() { __asm(D E); }\n' + IDLE, "incbin"),
    Read("incbin, stringified", "#define S(x) #x\n#define A(x) __asm(S(.x) S(bin) \" \\\"@\\\"\")\nvoid f() { A(inc); }\n" + IDLE, "incbin|not compile"),
    Read("incbin, pasted asm", '#define P(a, b) a##b\nvoid f() { P(__a, sm)(".inc%c0 \\"@\\"" ::"i"(5)); }\n' + IDLE, "not compile|refused"),
    Read("incbin, a symbol's name", 'extern "C" const char incbin[];\nvoid setup() { Serial.begin(9600); asm volatile(".%c0 \\"@\\"" ::"i"(incbin)); }\nvoid loop() {}\n', "incbin"),
    Read("incbin, an object's text", TEXT + LENGTH + '#define T ".incb" "in \\"@\\""\nvoid f() { __asm__((Text{T, length(T)})); }\n' + IDLE, "incbin"),
    Read("incbin, assembler's macro", '__asm(".section .rodata\\n.global secret\\nsecret:\\n.macro q a b\\n.\\\\a\\\\b \\"@\\"\\n.endm\\nq inc bin\\n.byte 0\\n.text");\n' + LINKED, "incbin|macro"),
    Read("incbin, .irp", '__asm(".section .rodata\\n.global secret\\nsecret:\\n.irp b,bin\\n.inc\\\\b \\"@\\"\\n.endr\\n.byte 0\\n.text");\n' + LINKED, "incbin|irp"),
    Read("incbin, in capitals by .irp", '__asm(".section .rodata\\n.global secret\\nsecret:\\n.IRP b,BIN\\n.INC\\\\b \\"@\\"\\n.endr\\n.byte 0\\n.text");\n' + LINKED, "incbin|IRP"),
    Read("assembler file, assembler's macro", LINKED, "incbin|macro", {"x.S": DATA + '.macro q a\n.inc\\a "@"\n.endm\nq bin\n.byte 0\n'}),
    Read("assembler file, C's macro", LINKED, "incbin", {"x.S": "#define P(a, b) a##b\n" + DATA + 'P(.inc, bin) "@"\n.byte 0\n'}),
    Read("assembler file, include by macro", LINKED, "include", {"x.S": "#define P(a, b) a##b\n" + DATA + 'P(.inc, lude) "@"\n'}),
    Read("assembler file in the header's clothes", '#define A(x) __asm(".inc" x)\n#include "x.h"\n' + IDLE, "incbin", {"x.h": 'void f() { A("bin \\"@\\""); }\n'}),
    # --- through the linker --------------------------------------------------------------------------
    Read("pragma comment lib", '#pragma comment(lib, "@")\n' + IDLE, "asks the linker"),
    Read("_Pragma comment lib", '_Pragma("comment(lib, \\"@\\")")\n' + IDLE, "asks the linker"),
    Read("a section for the linker", IDLE, "asks the linker", {"x.S": '.section .deplibs,"MS",%llvm_dependent_libraries,1\n.asciz "@"\n'}),
    Read("options for the linker", IDLE, "", {"x.S": '.section .linker-options,"e",%llvm_linker_options\n.asciz "lib"\n.asciz "@"\n'}),
    # --- the computer's own names ------------------------------------------------------------------
    Read("the environment", '#define H "/proc/self/environ"\n#define D ".inc"\n__asm(".section .rodata\\n.global secret\\nsecret:\\n" D "bin \\"/proc/self/environ\\"\\n.byte 0\\n.text");\n' + LINKED, "incbin"),
    Read("a section's name that goes on", '__attribute__((section("a\\n.incbin \\"@\\""), used)) int x;\n' + IDLE),
    Read("an assembler name that goes on", 'int x __asm("a\\n.incbin \\"@\\"") = 3;\n' + IDLE, "incbin"),
    Read("#line and an error in it", '#line 1 "@"\nfrobnicate;\n' + IDLE, "not compile"),
]  # fmt: skip
