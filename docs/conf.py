"""Configuration of the documentation: ``python -m sphinx -W --keep-going -q docs docs/_build/html``."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

project = "hedy_jupyter"
copyright = "the authors of hedy_jupyter"  # noqa: A001  the name is Sphinx's
release = version = installed_version("hedy-jupyter")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "demo_cells", "generated"]
exclude_patterns = ["_build", "_ext", "**/.ipynb_checkpoints"]
root_doc = "index"

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # the extension demo_cells runs pages and notebooks, in this process
nb_mime_priority_overrides = [("html", "text/html", 0)]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
python_use_unqualified_type_names = True
default_role = "code"

html_theme = "pydata_sphinx_theme"
html_title = "hedy_jupyter"
html_static_path = ["_static"]
html_css_files = ["cells.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": True,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "header_links_before_dropdown": 6,
}
html_sidebars = {page: [] for page in ("index", "start", "account", "cookbook")}  # pages without pages below them
