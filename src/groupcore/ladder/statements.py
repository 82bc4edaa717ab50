"""Statements: what is said in a group when somebody has to go."""

from __future__ import annotations

from string import Formatter

from groupcore.wire import Wrong, did_you_mean

PLACEHOLDERS = ("member", "rule", "category")
"""What a statement may name, in braces."""

STATEMENTS: dict[str, str] = {
    "zh": "{member} 违反群规「{rule}」（{category}），已被移出本群。如有异议，可以向管理员申诉。",
    "en": "{member} was removed for breaking the rule {rule} ({category}). Objections go to the admins.",
}


def check_template(text: str) -> None:
    """Refuse a statement that names what it cannot name, or formats it."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise Wrong(f"the statement cannot be read: {error}", "write a brace as {{ or }}") from None
    for _, name, style, conversion in pieces:
        if name is not None and name not in PLACEHOLDERS:
            raise Wrong(f"unknown placeholder {{{name}}}", did_you_mean(name, PLACEHOLDERS))
        if style or conversion:
            raise Wrong(f"the placeholder {{{name}}} takes no format", f"write {{{name}}}")
