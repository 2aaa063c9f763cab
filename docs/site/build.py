"""Build the course's web pages: `make site`, or `python docs/site/build.py [--out FOLDER]`.

The pages are the stored solutions, the texts of docs/ and the docstrings of the package. Nothing is
executed and nothing is asked of a network. A warning of Sphinx, a dead link or an address that a
page would load from elsewhere fails the build.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))


def main(arguments: list[str] | None = None) -> int:
    """Build into `--out`; 1 if something is wrong with a page."""
    from sphinx.cmd.build import build_main

    from docs.site.check import check_site
    from docs.site.contents import add_front_page, add_slides_page
    from docs.site.slides.decks import write_decks
    from docs.site.stage import stage_pages

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "site")
    parser.add_argument(
        "--no-reference", action="store_true", help="without the package's docstrings: quicker"
    )
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    source, html = options.out / "source", options.out / "html"
    shutil.rmtree(html, ignore_errors=True)
    stage = stage_pages(source)
    add_slides_page(stage, write_decks(options.out / "extra" / "slides"))
    add_front_page(stage, not options.no_reference)
    shutil.copytree(HERE / "static", source / "_static")
    shutil.copyfile(HERE / "conf.py", source / "conf.py")
    os.environ["TINYML_COURSE_ROOT"] = str(ROOT)
    os.environ["TINYML_COURSE_REFERENCE"] = "no" if options.no_reference else "yes"
    command = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(options.out / "doctrees")]
    if build_main([*command, str(source), str(html)]):
        print("the site was not built: its warnings stand above", file=sys.stderr)
        return 1
    mistakes = check_site(html)
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    pages = len(list(html.rglob("*.html")))
    print(f"{pages} pages in {time.perf_counter() - start:.0f} s: {html / 'index.html'}")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
