"""Each departure from Arduino's library specification is said, with file and rule."""

import pytest

from tinyml_course.export.check.arduino_specification import find_departures

PROPERTIES = """name=WebServer
version=1.0.0
author=Somebody <somebody@example.com>
maintainer=Somebody <somebody@example.com>
sentence=Serves.
paragraph=Serves pages.
category=Communication
url=https://example.com/
architectures=*
"""
GOOD = {
    "WebServer/library.properties": PROPERTIES,
    "WebServer/keywords.txt": "# a comment\nserve\tKEYWORD2\nWEB_PORT\tLITERAL1\t\t\n",
    "WebServer/src/WebServer.h": "",
    "WebServer/src/WebServer.cpp": "",
    "WebServer/src/inner/parts.h": "",
    "WebServer/examples/Hello/Hello.ino": "",
    "WebServer/extras/anything": "",
}


def test_a_library_as_the_specification_shows_one_has_no_departures():
    assert find_departures(GOOD) == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Web/Server", "name=Web/Server is not"),
        ("name", "_Web", "name=_Web is not"),
        ("name", "123", "name=123 is not"),
        ("name", "a" * 64, "is not what the specification allows"),
        ("name", "ArduinoWeb", "Arduino's own"),
        ("version", "r5", "version=r5 is not"),
        ("version", "003", "version=003 is not"),
        ("version", "1.1c", "version=1.1c is not"),
        ("version", "1.02.0", "version=1.02.0 is not"),
        ("category", "Web", "category=Web is not"),
        ("url", "example.com", "url=example.com is not"),
        ("architectures", "avr samd", "architectures=avr samd is not"),
        ("maintainer", "", "maintainer is missing"),
        ("dot_a_linkage", "yes", "dot_a_linkage=yes is not"),
        ("includes", "Other.h", "Other.h, which is not in src/"),
        ("licence", "MIT", "licence is no field"),
    ],
)
def test_fields(field, value, said):
    lines = [line for line in PROPERTIES.splitlines() if not line.startswith(f"{field}=")]
    text = "\n".join([*lines, f"{field}={value}"])
    (departure,) = find_departures({**GOOD, "WebServer/library.properties": text})
    assert said in departure


@pytest.mark.parametrize(
    "line", ["version=1.2", "version=1.2.0-beta.1+a", "architectures=avr, samd", "precompiled=full"]
)
def test_what_the_specification_allows_passes(line):
    field = line.split("=")[0]
    lines = [each for each in PROPERTIES.splitlines() if not each.startswith(f"{field}=")]
    assert (
        find_departures({**GOOD, "WebServer/library.properties": "\n".join([*lines, line])}) == []
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"WebServer/src/WebServer.h": None}, "src/ has no header"),
        ({"WebServer/more.cpp": ""}, "more.cpp is not compiled"),
        ({"WebServer/Examples/Other/Other.ino": ""}, "must be called examples"),
        (
            {"WebServer/examples/Hello/Hello.ino": None, "WebServer/examples/Hello/x.h": ""},
            "no Hello.ino",
        ),
        ({"WebServer/examples/a b/a b.ino": ""}, "no name for a sketch"),
        ({"WebServer/keywords.txt": "serve KEYWORD2\n"}, "keywords.txt:1: a keyword, one tab"),
        ({"WebServer/keywords.txt": "serve\tKEYWORD9\n"}, "'KEYWORD9' is none of KEYWORD1"),
        ({"WebServer/keywords.txt": "a b\tKEYWORD1\n"}, "keywords.txt:1"),
        ({"WebServer/library.properties": None}, "library.properties is missing"),
        ({"WebServer/library.properties": PROPERTIES + "oops\n"}, "'oops' is no key=value"),
        ({"WebServer/library.properties": PROPERTIES + "version=2.0.0\n"}, "stands there twice"),
        ({"Other/src/x.h": ""}, "one folder"),
    ],
)
def test_layout_and_keywords(changed, said):
    files = {path: text for path, text in {**GOOD, **changed}.items() if text is not None}
    (departure,) = find_departures(files)
    assert said in departure


def test_the_folder_has_a_name_that_the_ide_takes():
    for root in ("-web", "web server", "w" * 64):
        files = {path.replace("WebServer/", f"{root}/", 1): text for path, text in GOOD.items()}
        (departure,) = find_departures(files)
        assert repr(root) in departure
