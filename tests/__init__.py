import sys

# jsonschema makes a grammar of web addresses when it is imported, two seconds in every process that
# collects tests, should somebody want a format checked; nbformat does not. It goes without where it
# finds no such grammar.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
