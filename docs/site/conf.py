"""Sphinx's settings for the pages that `make site` stages in out/site/source."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(os.environ["TINYML_COURSE_ROOT"])
sys.path.insert(0, str(ROOT))

project = "A TinyML course you can check"
author = "The tinyml_course authors"
copyright = "the tinyml_course authors. Code: MIT; lessons, recordings and models: CC BY 4.0"
language = "en"

extensions = ["myst_nb", "sphinx.ext.mathjax", "sphinx-mathjax-offline"]
if os.environ["TINYML_COURSE_REFERENCE"] == "yes":
    extensions.append("autodoc2")
exclude_patterns = ["learners"]
html_extra_path = ["../extra"]  # the slides
html_static_path = ["_static"]
html_css_files = ["course.css"]

# The solutions are stored executed, and their outputs are what the prose speaks of.
nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = "What this lesson promises, as code"
nb_code_prompt_hide = "Hide it"

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 4
suppress_warnings = ["mystnb.unknown_mime_type"]

# The reference is read from the source, not imported: no TensorFlow, and the same on every system.
TREE = re.compile(r"(^\.\. toctree::\n(?: +:.*\n)*\n)((?: +\w.*\n)+)", re.MULTILINE)
autodoc2_packages = [{"path": os.path.relpath(ROOT / "tinyml_course", Path(__file__).parent)}]
autodoc2_output_dir = "api"
autodoc2_hidden_objects = {"private", "dunder", "undoc", "inherited"}
autodoc2_docstring_parser_regexes = [(r".*", "docs.site.docstrings")]
autodoc2_index_template = None
default_role = "literal"

html_theme = "sphinx_book_theme"
html_title = "TinyML, checked"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "use_download_button": False,
    "show_navbar_depth": 1,
    "max_navbar_depth": 2,
    "collapse_navbar": True,
    "show_toc_level": 2,
    "search_bar_text": "Search ...",
}


def sort_reference(app):
    """Put the reference's lists of modules in order: autodoc2 has them as the disk has."""
    for path in (Path(app.srcdir) / "api").rglob("*.rst"):
        text = path.read_text(encoding="utf-8").replace(":maxdepth: 3", ":maxdepth: 1")
        ordered = TREE.sub(
            lambda found: found[1] + "".join(sorted(found[2].splitlines(True))), text
        )
        path.write_text(ordered, encoding="utf-8")


def setup(app):
    """Called by Sphinx; later than autodoc2, which writes the pages at the same moment."""
    app.connect("builder-inited", sort_reference, priority=900)
