"""How the documentation is built: MyST pages, furo, and a reference that is made from the code."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "shequ-core"
author = "the shequ-core contributors"
project_copyright = "the shequ-core contributors, Apache-2.0"
release = importlib.metadata.version("shequ-core")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "shequ_docs"]
exclude_patterns = ["_build", "reference/_parts", "shequ_docs"]

html_theme = "furo"
html_title = f"shequ-core {release}"
html_show_sphinx = False
html_copy_source = False
# The law's words are quoted as they stand: no quotation mark is turned into another.
smartquotes = False

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

# Docstrings are written for `help()`: a single backtick is code there.
default_role = "code"
autodoc_typehints = "signature"
autodoc_type_aliases = {"JsonValue": "JsonValue", "Lang": "Lang", "Headers": "Headers", "Form": "Form"}
autodoc_member_order = "bysource"
autodoc_use_type_comments = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True

# Every reference of ours must lead somewhere. The names of other libraries, and those of our inner
# floors (which have no page: the face is what is public), are shown and not linked.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r".*")]
