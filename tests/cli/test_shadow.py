from __future__ import annotations

from pathlib import Path

from cli.running import RULES, Cli


def test_shadow_rules_are_compared_a_line_each(cli: Cli, judged: Path, tmp_path: Path) -> None:
    rules = tmp_path / "trial.toml"
    rules.write_text(RULES.replace('id = "links"', 'id = "links"\nshadow = true'), encoding="utf-8")
    done = cli("shadow", judged, "--rules", rules)
    assert done.code == 0
    (record,) = done.records
    found = (record["rule"], record["findings"], record["also_found"], record["strikes"])
    assert found == ("links", 1, 1, 0)  # the message has an ad, too, and that rule comes first
    head, line = cli("shadow", judged, "--rules", rules, "-f", "csv").out.splitlines()
    assert head.startswith("rule,policy,category,findings,members,also_found,led_nowhere,strikes")
    assert line.startswith("links,link,links,1,1,")


def test_without_a_shadow_rule_there_is_nothing_to_compare(cli: Cli, judged: Path) -> None:
    done = cli("shadow", judged)
    assert done.code == 2
    assert "has no shadow rule; write shadow = true in a policy" in done.err


def test_a_log_without_a_rulebook_is_named(cli: Cli, archive: Path) -> None:
    done = cli("shadow", archive)
    assert (done.code, done.err) == (2, f"groupcore: {archive} adopted no rulebook; --rules names one\n")
