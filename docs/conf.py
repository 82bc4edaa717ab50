"""How Sphinx builds these pages: MyST Markdown, the furo theme, docstrings by autodoc."""

from importlib.metadata import version as installed

project = "groupcore"
author = "groupcore contributors"
copyright = "groupcore contributors"
version = release = installed("groupcore")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"groupcore {version}"

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
add_module_names = False
