from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from groupcore.config import SHIPPED
from groupcore.policies import policy_kinds
from groupcore.rulebook import Rulebook, json_schema
from groupcore.wire import dumps, loads
from rulebook.strategies import rulebooks
from rulebook.test_faults import FAULTY
from rulebook.test_rulebook import CONTRACT

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def is_valid(mapping: Any) -> bool:
    return bool(VALIDATOR.is_valid(mapping))


def one(**policy: Any) -> dict[str, Any]:
    return {"policy": [policy]}


def test_the_schema_is_a_schema_and_pure_json() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert loads(dumps(SCHEMA)) == SCHEMA


def test_every_kind_is_described() -> None:
    assert set(SCHEMA["$defs"]) == set(policy_kinds())
    assert all(definition["description"] for definition in SCHEMA["$defs"].values())


def test_the_shipped_rulebook_and_the_one_of_the_contract_are_valid() -> None:
    assert is_valid(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))
    assert is_valid(tomllib.loads(CONTRACT))


@given(rulebooks())
def test_what_a_rulebook_writes_is_valid(rules: Rulebook) -> None:
    VALIDATOR.validate(rules.to_mapping())


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_faulty_files_are_not_valid(path: Any) -> None:
    assert not is_valid(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "mapping",
    [
        {"nam": "x"},
        {"exempt": ["admins"]},
        {"ladder": {"preset": "warn-then-kick", "rungs": []}},
        {"ladder": {"rungs": [{"sanction": "mute", "for": "1 day"}]}},
        {"ladder": {"memory": 30}},
        one(kind="flod", id="flood"),
        one(kind="flood", count=5, window="10s"),
        one(kind="flood", id="flood", count=1, window="10s"),
        one(kind="flood", id="flood", count=True, window="10s"),
        one(kind="flood", id="flood", count=5, window=10),
        one(kind="keyword", id="ads", word=["x"], words=["x"]),
        one(kind="keyword", id="ads"),
        one(kind="contact", id="contact", kinds=[]),
        one(kind="contact", id="contact", kinds=["phon"]),
        one(kind="link", id="links", severity="sever"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(mapping: Any) -> None:
    assert not is_valid(mapping)


def test_words_may_come_from_a_file() -> None:
    assert is_valid(one(kind="keyword", id="ads", words_file="ads.txt"))
    assert is_valid(one(kind="keyword", id="ads", words_file=["a.txt", "b.txt"], words=["x"]))
    assert not is_valid(one(kind="flood", id="f", count=5, window="10s", words_file="ads.txt"))
