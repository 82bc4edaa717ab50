"""The pages name all there is: each public name, event, field, policy, setting, preset and command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
import typer

import groupcore
from groupcore import Ladder, Rulebook, Rung, policies
from groupcore.cli.root import app
from groupcore.events import event_types
from groupcore.events.base import Event, data_fields
from groupcore.ladder import PRESETS
from groupcore.messages import PART_FIELDS

ROOT = Path(__file__).parent.parent
FILES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in FILES}


def section(page: str, heading: str) -> str:
    """What stands under *heading*, up to the next heading of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    _, found, rest = PAGES[page].partition(f"\n{heading}\n")
    assert found, f"{page} has no {heading!r}"
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def in_table(text: str) -> set[str]:
    """The words in code that begin the rows of the tables of *text*."""
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`(.+?)`", cell)}


def without_default(text: str) -> set[str]:
    """The settings whose row in a table names no default."""
    return set(re.findall(r"^\| `(\w+)` \| \|", text, re.MULTILINE))


def required(cls: type[Any]) -> set[str]:
    return {item.name for item in attrs.fields(cls) if item.init and item.default is attrs.NOTHING}


def settings_of(cls: type[Any]) -> set[str]:
    return {item.name.rstrip("_") for item in attrs.fields(cls) if item.init and item.name[0] != "_"}


@pytest.mark.parametrize("name", [name for name in getattr(groupcore, "__all__", []) if name[0] != "_"])
def test_each_public_name_is_in_the_reference(name: str) -> None:
    assert re.search(rf"\b{name}$", PAGES["api.md"], re.MULTILINE)


def wire_names(cls: type[Event]) -> Iterator[str]:
    for item in data_fields(cls):
        name = cls.spelled.get(item.name, item.name)
        yield f"*`{name}`*" if item.name in cls.private else f"`{name}`"


@pytest.mark.parametrize("cls", event_types().values(), ids=lambda cls: cls.type)
def test_each_event_has_a_row_with_its_fields_the_private_ones_in_italics(cls: type[Event]) -> None:
    row = re.search(rf"^\| `{cls.type}` \| (.*?) \|", PAGES["events.md"], re.MULTILINE)
    assert row, f"{cls.type} is not in events.md"
    assert row[1] == (", ".join(wire_names(cls)) or "–")


def test_each_kind_of_part_is_described_with_its_fields() -> None:
    text = section("events.md", "## Parts of a message")
    assert in_table(text) == set(PART_FIELDS)
    for names in PART_FIELDS.values():
        for name in names:
            assert f"`{name}`" in text


def test_each_policy_kind_has_a_section_with_all_its_settings() -> None:
    shared = settings_of(policies.Policy)
    assert in_table(section("rulebook.md", "## Every policy")) == shared | {"kind"}
    known = policies.policy_kinds().items()
    ours = {kind: cls for kind, cls in known if cls.__module__.startswith("groupcore.")}
    assert set(re.findall(r"^### (.+)$", section("rulebook.md", "## Kinds"), re.MULTILINE)) == set(ours)
    for kind, cls in ours.items():
        text, in_files = section("rulebook.md", f"### {kind}"), {"words_file"} if "words" in settings_of(cls) else set()
        assert in_table(text) == (settings_of(cls) - shared) | in_files, kind
        assert without_default(text) == required(cls) - shared, kind


def test_each_setting_of_the_ladder_and_each_preset_is_described() -> None:
    text = section("rulebook.md", "## The ladder")
    assert in_table(text) == settings_of(Ladder) | settings_of(Rung) | {"preset"} | set(PRESETS)
    assert without_default(text) == required(Ladder) | required(Rung)


def test_each_setting_at_the_top_of_a_rulebook_is_described() -> None:
    text = section("rulebook.md", "## At the top")
    assert in_table(text) == (settings_of(Rulebook) - {"policies"}) | {"policy"}
    assert not without_default(text)


def commands(command: Any, path: str = "groupcore") -> Iterator[tuple[str, Any]]:
    """Each command that does something, with its whole name."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
    for name, sub in (inner or {}).items():
        yield from commands(sub, f"{path} {name}")


def test_each_command_has_a_section_with_its_options() -> None:
    top = typer.main.get_command(app)
    for name, command in commands(top):
        heading = re.search(rf"^## `{name}\b.*$", PAGES["cli.md"], re.MULTILINE)
        assert heading, f"{name} is not in cli.md"
        unnamed = options(command) - SHARED - set(re.findall("--[a-z-]+", section("cli.md", heading[0]) + heading[0]))
        assert not unnamed, name
    assert all(f"`{option}`" in PAGES["cli.md"] or f" {option}`" in PAGES["cli.md"] for option in options(top))


SHARED = {"--help", "--format"}


def options(command: Any) -> set[str]:
    return {option for param in command.params for option in param.opts if option.startswith("--")}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_links_between_the_pages_lead_somewhere(page: str) -> None:
    home = ROOT if (ROOT / page).exists() else ROOT / "docs"
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGES[page]):
        assert (home / target).exists(), f"{page} links to {target}"


def test_the_two_readmes_give_the_same_commands_and_the_same_example() -> None:
    def code(page: str) -> list[str]:
        blocks = re.findall(r"```(?:sh|python)\n(.*?)```", PAGES[page], re.DOTALL)
        bare = re.sub(r"\s*# .*", "", "".join(blocks))
        return re.sub(r'("name": )".*?"', r"\1...", bare).splitlines()

    assert code("README.md") == code("README.zh-CN.md")
