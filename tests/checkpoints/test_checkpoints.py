"""A checkpoint is what it says, or it is refused in words; and it finds what a log alone cannot show."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.town import BLIND, Town, whole_life
from groupcore.checkpoints import Checkpoint, check_held, read_checkpoint, take_checkpoint, write_checkpoint
from groupcore.checkpoints.keys import PrivateKey, PublicKey, make_keys
from groupcore.errors import CheckpointError, CorruptLog, InputError, MissingExtra, StoreError
from groupcore.events import Head, Row, problem_with
from groupcore.events.chain import Chain
from groupcore.replay import verify
from groupcore.stores import MemoryStore, open_store
from groupcore.wire import dumps, loads
from replay.forging import erased, exchanged, first, replaced, resealed, without, worded

ROWS = whole_life(MemoryStore()).rows()
AT = 1_800_000_000_000_000
KEY = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))


def log_of(rows: Sequence[Row]) -> MemoryStore:
    store = MemoryStore()
    store.append(rows)
    return store


def taken(rows: Sequence[Row]) -> Checkpoint:
    return take_checkpoint(log_of(rows), at=AT)


WHOLE = taken(ROWS)
SIGNED = write_checkpoint(WHOLE, KEY)


# --- the value ----------------------------------------------------------------------------------------------------


def test_it_holds_where_every_stream_ends_and_which_log_it_is() -> None:
    assert WHOLE.heads == verify(ROWS).heads
    assert (WHOLE.position, WHOLE.log, WHOLE.at) == (len(ROWS), ROWS[0].digest, AT)


def test_the_order_is_what_its_docstring_says() -> None:
    order = ""
    for row in ROWS:
        order = hashlib.sha256((order + row.digest).encode()).hexdigest()
    assert order == WHOLE.order


def test_the_file_is_canonical_and_its_digest_is_that_of_the_checkpoint_within() -> None:
    written = loads(SIGNED)
    assert dumps(written) + b"\n" == SIGNED
    assert WHOLE.digest == "sha256:" + hashlib.sha256(dumps(written["checkpoint"])).hexdigest()
    assert write_checkpoint(WHOLE, KEY) == SIGNED, "ed25519 draws no dice"


@pytest.mark.parametrize("position", range(1, len(ROWS) + 1, 7))
def test_what_is_written_is_read_again_wherever_it_was_taken(position: int) -> None:
    made = taken(ROWS[:position])
    assert read_checkpoint(write_checkpoint(made)) == made
    assert read_checkpoint(write_checkpoint(made, KEY), key=KEY.public, digest=made.digest) == made
    assert read_checkpoint(write_checkpoint(made, KEY)).signed_by == KEY.name


def test_odd_names_of_streams_are_kept() -> None:
    store = MemoryStore()
    for number, name in enumerate(["a\x00b", "组/一", '"', "\u2028", ""]):
        store.append([ROWS[0]._replace(id=str(number), stream=name)])
    made = take_checkpoint(store, at=AT)
    assert read_checkpoint(write_checkpoint(made, KEY), key=KEY.public) == made


def test_an_empty_log_has_nothing_to_hold_on_to() -> None:
    with pytest.raises(StoreError, match="the log is empty"):
        take_checkpoint(MemoryStore(), at=AT)


def test_no_checkpoint_is_made_of_a_chain_that_does_not_hold() -> None:
    forged = replaced(ROWS, 20, ROWS[20]._replace(at=5))
    store = MemoryStore()
    store._rows = forged  # a store would not take it
    with pytest.raises(CorruptLog, match="event 21: "):
        take_checkpoint(store, at=AT)


# --- going on from an earlier one ---------------------------------------------------------------------------------


@pytest.mark.parametrize("position", [1, 2, 17, len(ROWS) - 1, len(ROWS)])
def test_going_on_from_an_earlier_one_comes_to_the_same(position: int) -> None:
    assert take_checkpoint(log_of(ROWS), at=AT, since=taken(ROWS[:position])) == WHOLE


def test_only_the_newer_events_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out: list[int] = []

    def counting(row: Row, head: Head) -> str | None:
        worked_out.append(row.position)
        return problem_with(row, head)

    monkeypatch.setattr("groupcore.events.chain.problem_with", counting)
    log, since = log_of(ROWS), taken(ROWS[:70])
    worked_out.clear()
    take_checkpoint(log, at=AT, since=since)
    assert worked_out == list(range(71, len(ROWS) + 1))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ROWS[:40], "the log ends at event 40, and the checkpoint was taken at event"),
        (ROWS[3:5], "this is another log"),
        ([], "the log ends at event 0"),
        (
            replaced(ROWS, 30, worded(ROWS[30], text="x") if ROWS[30].private else ROWS[30]._replace(at=1)),
            "written anew",
        ),
    ],
)
def test_an_earlier_one_of_another_log_is_refused(rows: list[Row], words: str) -> None:
    with pytest.raises(CheckpointError, match=words):
        take_checkpoint(log_of(rows), at=AT, since=WHOLE)


def test_a_log_that_grew_holds_its_checkpoints() -> None:
    for position in (1, 10, 50):
        check_held(log_of(ROWS), taken(ROWS[:position]))


# --- what cannot be trusted ---------------------------------------------------------------------------------------


def test_every_changed_character_of_a_signed_checkpoint_is_found() -> None:
    """Each byte, changed in its last bit: no checkpoint is left, or one that nobody signed."""
    for index in range(len(SIGNED) - 1):
        changed = SIGNED[:index] + bytes([SIGNED[index] ^ 1]) + SIGNED[index + 1 :]
        with pytest.raises(CheckpointError):
            assert read_checkpoint(changed, key=KEY.public) != WHOLE, f"byte {index}"


def test_every_changed_field_is_found_by_the_digest_that_was_published() -> None:
    for name, value in [
        ("log", "0" * 64), ("at", AT + 1), ("order", "0" * 64), ("heads", {"org": Head(len(ROWS), "0" * 64)}),
    ]:  # fmt: skip
        changed = attrs.evolve(WHOLE, **{name: value})
        with pytest.raises(CheckpointError, match="and not sha256:"):
            read_checkpoint(write_checkpoint(changed), digest=WHOLE.digest)
    assert read_checkpoint(write_checkpoint(WHOLE), digest=WHOLE.digest.removeprefix("sha256:").upper()) == WHOLE


def reworded(change: Callable[[dict[str, Any]], object]) -> bytes:
    written = loads(SIGNED)
    change(written)
    return dumps(written)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no checkpoint of a log: invalid JSON"),
        (b"\xff\xfe", "is no checkpoint of a log: invalid UTF-8"),
        (b"[1]", "is no checkpoint of a log"),
        (b'{"checkpoint": 5}', "is no checkpoint of a log"),
        (b'{"type": "message-posted", "at": 5}', "is no checkpoint of a log"),
        (reworded(lambda w: w["checkpoint"].pop("order")), "is no checkpoint of a log"),
        (reworded(lambda w: w["checkpoint"].update(position="81")), "is no checkpoint of a log"),
        (reworded(lambda w: w["checkpoint"].update(position=True)), "is no checkpoint of a log"),
        (reworded(lambda w: w["checkpoint"].update(heads={"org": [1]})), "is no checkpoint of a log"),
        (reworded(lambda w: w["checkpoint"].update(heads=[])), "is no checkpoint of a log"),
        (reworded(lambda w: w["checkpoint"].update(log="x")), "is no checkpoint of a log"),
        (
            reworded(lambda w: w["checkpoint"].update(format=2)),
            "its format is 2, this version knows 1; update groupcore",
        ),
        (reworded(lambda w: w["checkpoint"].update(position=80)), "do not add up to 80 events: it was changed"),
        (reworded(lambda w: w["checkpoint"].update(at=5)), "was changed after it was signed"),
        (reworded(lambda w: w["checkpoint"].update(order="0" * 64)), "was changed after it was signed"),
        (reworded(lambda w: w.update(signature="00" * 64)), "was changed after it was signed"),
        (reworded(lambda w: w.update(signature="zz")), "was changed after it was signed"),
        (reworded(lambda w: w.update(signature=5)), "was changed after it was signed"),
        (reworded(lambda w: w.pop("signature")), "is not signed, and was to be checked with the key"),
        (reworded(lambda w: w.update(key=5)), "is not signed"),
        (write_checkpoint(WHOLE), "is not signed"),
        (write_checkpoint(WHOLE, OTHER), f"is signed with the key {OTHER.name[:16]}, and not with {KEY.name[:16]}"),
        (reworded(lambda w: w.update(key=OTHER.name)), "is signed with the key"),
    ],
)
def test_what_is_no_checkpoint_or_not_the_one_is_told(data: bytes, words: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        read_checkpoint(data, key=KEY.public, where="monday.json")
    assert str(caught.value).startswith("monday.json")
    assert words in str(caught.value)


def test_a_name_of_the_key_that_was_exchanged_does_not_help_a_forger() -> None:
    forged = loads(write_checkpoint(attrs.evolve(WHOLE, at=5), OTHER))
    with pytest.raises(CheckpointError, match="changed after it was signed"):
        read_checkpoint(dumps({**forged, "key": KEY.name}), key=KEY.public)


# --- keys ---------------------------------------------------------------------------------------------------------


def test_a_new_pair_of_keys_signs_and_checks(tmp_path: Path) -> None:
    private, public = tmp_path / "key.pem", tmp_path / "key.pub"
    made = make_keys(str(private), str(public))
    key, witness = PrivateKey.read(private.read_bytes()), PublicKey.read(public.read_bytes())
    assert made.name == key.name == witness.name
    assert read_checkpoint(write_checkpoint(WHOLE, key), key=witness) == WHOLE
    assert PrivateKey.new().name != key.name


@pytest.mark.skipif(sys.platform == "win32", reason="files have other rights there")
@pytest.mark.parametrize("umask", [0, 0o077])
def test_the_private_key_is_readable_by_its_owner_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        make_keys(str(tmp_path / "key.pem"), str(tmp_path / "key.pub"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("there", ["key.pem", "key.pub"])
def test_no_file_is_written_over_and_no_half_pair_is_left(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        make_keys(str(tmp_path / "key.pem"), str(tmp_path / "key.pub"))
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "mine"


def test_a_file_that_comes_in_between_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key.pem").write_text("mine")
    monkeypatch.setattr(os.path, "lexists", lambda path: False)
    with pytest.raises(InputError, match="is there already"):
        make_keys(str(tmp_path / "key.pem"), str(tmp_path / "key.pub"))
    assert (tmp_path / "key.pem").read_text() == "mine"


def test_half_a_pair_is_taken_away_again(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        make_keys(str(tmp_path / "key.pem"), str(tmp_path / "none" / "key.pub"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_key_of_ours_is_told() -> None:
    curve = generate_private_key(SECP256R1())
    der = pem.PrivateFormat.PKCS8
    locked = KEY.raw.private_bytes(pem.Encoding.PEM, der, pem.BestAvailableEncryption(b"secret"))
    foreign = curve.private_bytes(pem.Encoding.PEM, der, pem.NoEncryption())
    foreign_public = curve.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    for data, words in [
        (b"", "no private key"),
        (KEY.public.write(), "no private key"),
        (locked, "passphrase"),
        (foreign, "no ed25519"),
    ]:
        with pytest.raises(InputError, match=f"key.pem: .*{words}"):
            PrivateKey.read(data, "key.pem")
    for data, words in [(b"x", "no public key"), (KEY.write(), "is a private key"), (foreign_public, "no ed25519")]:
        with pytest.raises(InputError, match=f"key.pub: .*{words}"):
            PublicKey.read(data, "key.pub")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "groupcore.checkpoints.keys")
    with pytest.raises(MissingExtra, match=r"groupcore\[crypto\]"):
        __import__("groupcore.checkpoints.keys")
    assert read_checkpoint(SIGNED) == WHOLE, "to read one, nothing is needed"


# --- what verify finds with one ------------------------------------------------------------------------------------


def test_a_log_is_the_one_that_its_checkpoints_were_taken_of() -> None:
    checkpoints = [taken(ROWS[:position]) for position in range(1, len(ROWS) + 1)]
    assert verify(ROWS, against=checkpoints).clean
    assert verify(map(erased, ROWS), against=checkpoints).clean, "erasing changes no digest"


@pytest.mark.parametrize("length", range(len(ROWS)))
def test_an_end_that_was_cut_off_is_named(length: int) -> None:
    report = verify(ROWS[:length], against=[WHOLE])
    found = report.divergence
    assert found is not None
    if verify(ROWS[:length]).clean:  # cut in the middle of an answer, that is what is told
        assert found.position == length + 1
        assert f"the log ends at event {length}, and the checkpoint was taken at event {len(ROWS)}" in found.problem


def test_of_one_stream_that_was_cut_the_first_missing_version_is_named() -> None:
    found = verify(ROWS[:-1], against=[WHOLE]).divergence
    assert found is not None
    last = ROWS[-1]
    assert (found.position, found.stream, found.version) == (len(ROWS), last.stream, last.version)


def test_a_log_written_anew_is_found_at_the_stream_that_was() -> None:
    """A name that no rule looks at, all digests worked out again: verify alone sees nothing, see test_verifying."""
    index = first(ROWS, "member-renamed")
    forged = resealed(replaced(ROWS, index, worded(ROWS[index], name="Eve")))
    assert verify(forged).clean
    found = verify(forged, against=[WHOLE]).divergence
    assert found is not None
    end = max(row.position for row in ROWS if row.stream == "group/g1")
    assert (found.stream, found.version, found.position) == ("group/g1", WHOLE.heads["group/g1"].version, end)
    assert "it was written anew, or what stood before it" in found.problem
    assert verify(forged, against=[taken(ROWS[:index])]).clean, "before the change, it is the same log"
    near = verify(forged, against=[taken(ROWS[: index + 1])]).divergence
    assert near is not None
    assert near.position == index + 1


def test_every_consistent_rewrite_of_any_event_is_found() -> None:
    """`recorded_at` of each event in turn, all digests worked out again: nothing but the checkpoint can tell."""
    for index, row in enumerate(ROWS):
        forged = resealed(replaced(ROWS, index, row._replace(recorded_at=row.recorded_at + 1)))
        assert verify(forged).clean
        found = verify(forged, against=[WHOLE]).divergence
        assert found is not None
        if index == 0:
            assert (found.position, found.stream) == (1, "")
            assert "this is another log, or it was written anew from its first event" in found.problem
        else:
            assert found.stream == row.stream, f"{row.type}: {found}"


def test_the_reader_of_an_adoption_that_was_changed_is_found() -> None:
    """Who names another reader keeps verify from reading texts again; with a checkpoint, not unseen."""
    data = dumps({**loads(ROWS[0].data), "reader": "another"})
    forged = resealed(replaced(ROWS, 0, ROWS[0]._replace(data=data)))
    assert verify(forged).clean
    assert not verify(forged, against=[WHOLE]).clean


def test_events_of_two_groups_in_each_others_place_are_found() -> None:
    """The chain of each stream is as it was, and no decision depends on it: only the order tells."""
    town = Town(rules=BLIND)
    for number in range(10):
        town.say("amy", group=f"g{number % 3}")
    rows = town.rows()
    whole = taken(rows)
    for index in range(1, len(rows) - 1):
        swapped = exchanged(rows, index, index + 1)
        swapped = [row._replace(position=position) for position, row in enumerate(swapped, 1)]
        assert verify(swapped).clean
        assert verify(swapped).heads == dict(whole.heads)
        found = verify(swapped, against=[whole]).divergence
        assert found is not None
        assert "in another order between streams" in found.problem


def test_another_log_is_refused_at_its_first_event() -> None:
    town = Town(now=5)
    town.say("amy")
    found = verify(town.rows(), against=[WHOLE]).divergence
    assert found is not None
    assert (found.position, found.stream) == (1, "")
    assert found.problem.endswith("this is another log, or it was written anew from its first event")
    assert str(found).startswith("event 1: the log begins with the digest")
    early = verify([town.rows()[0], ROWS[5]], against=[WHOLE]).divergence
    assert early is not None
    assert early.position == 1, "there is no need to read on"
    nothing = verify([], against=[WHOLE]).divergence
    assert nothing is not None
    assert "the log ends at event 0" in nothing.problem


def test_an_event_more_or_less_before_the_checkpoint_is_a_version_that_differs() -> None:
    index = first(ROWS, "member-renamed")
    forged = resealed(without(ROWS, index))
    found = verify(forged, against=[taken(ROWS[: index + 5])]).divergence
    assert found is not None


# --- going on from one ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", range(1, len(ROWS) + 1))
def test_verify_goes_on_from_a_checkpoint_wherever_it_was_taken(position: int) -> None:
    since = taken(ROWS[:position])
    report, whole = verify(ROWS, since=since), verify(ROWS)
    assert report.clean, report.divergence
    assert (report.events, report.trusted, report.heads) == (whole.events, position, whole.heads)
    fact = max(index for index in range(position) if ROWS[index].cause is None)
    prefix = verify(ROWS[:fact])  # the decision at the checkpoint is made again: its answer may go on behind
    assert report.facts == whole.facts - prefix.facts
    assert report.verdicts == whole.verdicts - prefix.verdicts
    assert report.judged == whole.judged - prefix.judged


def test_what_changes_behind_the_checkpoint_is_found_where_it_was_changed() -> None:
    since = taken(ROWS[:30])
    for index in range(30, len(ROWS)):
        for change in ({"at": 5}, {"judged": "x"}, {"org_seen": 99}, {"digest": "0" * 64}, {"data": b"{}"}):
            found = verify(replaced(ROWS, index, ROWS[index]._replace(**change)), since=since).divergence
            assert found is not None
            assert found.position == index + 1, f"{change}: {found}"
        if ROWS[index].cause is not None:
            assert not verify(resealed(without(ROWS, index)), since=since).clean


def test_within_the_trusted_part_heads_order_and_counts_are_what_is_looked_at() -> None:
    """Honest about it: a text that was changed there is not seen, and `verify` says that it did not look."""
    since = taken(ROWS[:60])
    index = first(ROWS, "message-posted")
    report = verify(replaced(ROWS, index, worded(ROWS[index], text="x")), since=since)
    assert (report.clean, report.trusted) == (True, 60)
    for forged in (
        replaced(ROWS, index, ROWS[index]._replace(digest="0" * 64)),  # any digest, head or not, is in the order
        replaced(ROWS, index, ROWS[index]._replace(version=99)),
        replaced(ROWS, index, ROWS[index]._replace(position=99)),
        without(ROWS, index),
        resealed(replaced(ROWS, index, ROWS[index]._replace(recorded_at=5))),
        ROWS[:59],
    ):
        found = verify(forged, since=since).divergence
        assert found is not None
        assert found.position <= 60


def test_state_is_folded_in_the_trusted_part_so_that_later_strikes_count_right() -> None:
    strike = first(ROWS, "strike-recorded", lambda row: loads(row.data)["strikes"] == 2)
    since = taken(ROWS[: strike - 1])
    data = dumps({**loads(ROWS[strike].data), "strikes": 1})
    found = verify(resealed(replaced(ROWS, strike, ROWS[strike]._replace(data=data))), since=since).divergence
    assert found is not None
    assert (found.position, '"strikes":2' in found.problem) == (strike + 1, True)


def test_nothing_of_the_trusted_part_is_hashed_or_read(monkeypatch: pytest.MonkeyPatch) -> None:
    since, read = taken(ROWS[:60]), []
    monkeypatch.setattr("groupcore.events.chain.problem_with", lambda row, head: read.append(row.position))
    assert verify(ROWS, since=since).clean
    assert read == list(range(61, len(ROWS) + 1))


def test_a_log_grows_between_checkpoints_in_any_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "log.jsonl") as store:
        store.append(ROWS[:50])
        monday = take_checkpoint(store, at=AT)
        store.append(ROWS[50:])
        tuesday = take_checkpoint(store, at=AT, since=monday)
    assert tuesday == WHOLE
    with open_store(tmp_path / "log.jsonl", read_only=True) as store:
        assert verify(store.read(), since=monday, against=[tuesday]).clean


def test_a_chain_tells_what_is_wrong_and_nothing_comes_of_nonsense() -> None:
    chain = Chain()
    for wrong in (ROWS[1], ROWS[0]._replace(stream=["x"]), ROWS[0]._replace(data=5), ROWS[0]._replace(digest=None)):
        with pytest.raises(CorruptLog, match="event 1: "):
            chain.take(wrong)
    assert chain == Chain()


def test_the_line_that_was_published_may_be_given_as_it_is_and_what_is_no_digest_is_told() -> None:
    file = write_checkpoint(WHOLE)
    assert read_checkpoint(file, digest=str(WHOLE)) == WHOLE
    for wrong in ("", "xyz", "sha256:4be1..."):
        with pytest.raises(CheckpointError, match="is no digest; write sha256: and 64 hexadecimal digits"):
            read_checkpoint(file, digest=wrong)
