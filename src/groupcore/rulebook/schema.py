"""The JSON Schema of a rulebook file, derived from the classes; editors check and complete TOML with it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from attrs import NOTHING, Attribute, validators

from groupcore.clock import Duration
from groupcore.ladder import PRESETS, Ladder
from groupcore.policies.base import Policy, policy_kinds
from groupcore.rulebook.powers import POWERS, RANK
from groupcore.rulebook.reading import Parts
from groupcore.wire import keys

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DURATION = {
    "type": "string",
    "description": "a number and us, ms, s, m, h, d or w, such as '10s'",
    "pattern": r"^\s*\d+(\.\d+)?\s*(us|ms|s|m|h|d|w)\s*$",
}
_WORDS_FILE = {
    "description": "a file of words, one a line, relative to this file; or a list of them",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
}
_SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Duration: _DURATION,
    Any: {},
}


def json_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a rulebook, with every policy that is registered."""
    kinds = policy_kinds()
    return {
        "$schema": DIALECT,
        "title": "groupcore rulebook",
        **_of_class(Parts),
        "description": "The rules of a community: what is looked for, what a strike leads to, who is exempt.",
        "properties": _of_class(Parts)["properties"]
        | {
            "ladder": _ladder(),
            "ladders": {"type": "object", "additionalProperties": _ladder()},
            "powers": _powers(),
            "policy": {"type": "array", "items": _any_policy(kinds)},
        },
        "$defs": {kind: _policy(kind, cls) for kind, cls in sorted(kinds.items())},
    }


def _any_policy(kinds: Mapping[str, type[Policy]]) -> Schema:
    """One schema a kind, chosen by ``kind``, so that a fault is told for the kind that was meant."""
    return {
        "type": "object",
        "required": ["kind", "id"],
        "properties": {"kind": {"enum": sorted(kinds)}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{kind}"},
            }
            for kind in sorted(kinds)
        ],
    }


def _policy(kind: str, cls: type[Policy]) -> Schema:
    schema = _of_class(cls)
    schema["properties"] = {"kind": {"const": kind}, **schema["properties"]}
    if "words" in schema["properties"]:
        schema["properties"]["words_file"] = _WORDS_FILE
        schema["required"] = [key for key in schema["required"] if key != "words"]
        schema["anyOf"] = [{"required": ["words"]}, {"required": ["words_file"]}]
    return schema


def _ladder() -> Schema:
    schema = _of_class(Ladder)
    schema["properties"]["preset"] = {
        "enum": sorted(PRESETS),
        "description": "the name of a ready-made ladder",
    }
    schema["not"] = {"required": ["preset", "rungs"]}
    return schema


def _powers() -> Schema:
    words: Schema = {"type": "array", "items": {"enum": list(POWERS)}, "uniqueItems": True}
    return {
        "type": "object",
        "description": "who may do what; a role that is not named keeps its usual powers",
        "properties": dict.fromkeys(RANK, words),
        "additionalProperties": False,
    }


def _of_class(cls: type[Any]) -> Schema:
    fields = keys(cls)
    return {
        "type": "object",
        "description": _first_paragraph(cls),
        "properties": {key: _of_field(attribute) for key, attribute in fields.items()},
        "required": [key for key, attribute in fields.items() if attribute.default is NOTHING],
        "additionalProperties": False,
    }


def _first_paragraph(cls: type[Any]) -> str:
    return " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].replace("``", "").split())


def _of_field(attribute: Attribute[Any]) -> Schema:
    """The schema of its type, its default, and what the field adds under the metadata ``"schema"``."""
    bounds = _bounds(attribute.validator)
    return {
        **of_type(attribute.type),
        **_default(attribute),
        **bounds,
        **attribute.metadata.get("schema", {}),
    }


_BOUND: Any = type(validators.ge(0))
_LENGTH: Any = type(validators.min_len(0))
_ALL: Any = type(validators.and_())
_COMPARED = {">=": "minimum", ">": "exclusiveMinimum", "<=": "maximum", "<": "exclusiveMaximum"}


def _bounds(validator: Any) -> Schema:
    """What the validators that come with attrs ask for."""
    if type(validator) is _BOUND:
        return {_COMPARED[validator.compare_op]: validator.bound}
    if type(validator) is _LENGTH:
        return {"minItems": validator.min_length}
    inner = validator._validators if type(validator) is _ALL else ()
    return {key: bound for each in inner for key, bound in _bounds(each).items()}


def _default(attribute: Attribute[Any]) -> Schema:
    plain = isinstance(attribute.default, str | int | bool) and attribute.type is not Duration
    return {"default": attribute.default} if plain else {}


def of_type(cls: Any) -> Schema:
    """The schema of values of the type *cls*, as they stand in a file."""
    if cls in _SIMPLE:
        return dict(_SIMPLE[cls])
    origin: Any = get_origin(cls)
    if origin in _BY_ORIGIN:
        return _BY_ORIGIN[origin](get_args(cls))
    return _of_class(cls) if attrs.has(cls) else {}


def _array(inner: tuple[Any, ...]) -> Schema:
    return {"type": "array", "items": of_type(inner[0])}


def _union(members: tuple[Any, ...]) -> Schema:
    """Null is left out: TOML has none, and a key that is not given says the same."""
    schemas = [of_type(member) for member in members if member is not type(None)]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


_BY_ORIGIN: dict[Any, Callable[[tuple[Any, ...]], Schema]] = {
    tuple: _array,
    frozenset: lambda inner: {**_array(inner), "uniqueItems": True},
    Literal: lambda words: {"enum": list(words)},
    Union: _union,
    UnionType: _union,
    Mapping: lambda _: {"type": "object"},
}
