"""The static site: ``make docs``. Sphinx and MyST read the pages as they are."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from shelves import write_pages

project = "meekmc"
author = "the meekmc team"
extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["README.md", "reference/README.md"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing"]  # links out of docs/, which tests follow
html_theme = "furo"
html_title = "meekmc"


def setup(app):
    """Write the pages of metrics and paths before Sphinx looks for sources."""
    del app
    write_pages(Path(__file__).parent / "reference")
