"""Real chat through the command line: imported, replayed into a new log, verified, explained."""

from __future__ import annotations

import gzip
import tarfile
from itertools import islice
from pathlib import Path

import pytest

from cli.running import Cli

pytestmark = pytest.mark.data


def test_gitter_rooms(cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    source = tmp_path / "messages.jsonl.gz"
    with gzip.open(data_dir / "gitter" / "messages.jsonl.gz") as given, gzip.open(source, "wb") as slice_:
        slice_.writelines(islice(given, 4_000))
    log, judged = tmp_path / "gitter.db", tmp_path / "judged.db"
    first = cli("import", "gitter", source, log)
    assert (first.code, first.out) == (0, "")
    assert " 0 added" in cli("import", "gitter", source, log).err
    assert cli("replay", log, "--into", judged).code == 0
    assert cli("replay", log).out == cli("replay", judged).out
    report = cli("verify", judged)
    assert (report.code, report.records[0]["not_reread"]) == (0, 0)
    found = cli("log", "cat", judged, "--type", "finding-recorded").records
    for finding in found[:3]:
        said = cli("explain", judged, finding["id"], "-f", "text")
        assert (said.code, finding["data"]["rule"] in said.out) == (0, True)


def test_irc_logs_where_windows_finer_than_a_minute_abstain_once(cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    with tarfile.open(data_dir / "ubuntu-irc.tar.xz") as archive:
        texts = (item for item in archive if item.isfile() and "20" in item.name)
        for item in islice(texts, 4):
            file = archive.extractfile(item)
            assert file is not None
            path = logs / Path(item.name).name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(file.read())
    log, judged = tmp_path / "irc.db", tmp_path / "judged.jsonl"
    assert cli("import", "irc", logs, log, "--zone", "UTC", "--group", "#ubuntu").code == 0
    assert cli("replay", log, "--into", judged).code == 0
    assert cli("verify", judged).code == 0
    abstained = cli("log", "cat", judged, "--type", "rule-abstained").records
    assert [(record["group"], record["data"]["rule"]) for record in abstained] == [("#ubuntu", "flood")]


def test_a_line_out_for_each_line_of_spam(cli: Cli, data_dir: Path) -> None:
    source = data_dir / "tg-spam" / "spam-samples.txt"
    done = cli("check", source)
    assert done.code == 0
    assert len(done.records) == len(source.read_bytes().rstrip(b"\n").split(b"\n"))
