"""Links: ours beside those of linkify-it-py, and the URL cases of twitter-text, on the open data. Prints the counts.

    python benchmarks/links_compare.py [DATA] [--show]

DATA is the directory of the open data, ``GROUPCORE_DATA`` or ``../shared/data`` unless given. Each difference is
counted under its cause; with ``--show`` it is printed too, to be read by hand.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from linkify_it import LinkifyIt

from groupcore.text import LinkHit, find_contacts, find_links
from groupcore.text.links import LINK_TRICKS
from groupcore.text.tlds import trust

Span = tuple[int, int]

FILES = frozenset("md py sh cc pl rs ps so mm mov zip".split())  # noqa: SIM905  # a list reads worse
SOFTWARE = frozenset({"asp.net", "vb.net", "ado.net", "socket.io", "engine.io"})


def lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from stream


def texts(data: Path) -> Iterator[tuple[str, Iterator[str]]]:
    """Each set with its name, its texts one by one."""
    yield "gitter", (json.loads(line)["text"] for line in lines(data / "gitter/messages.jsonl.gz"))
    for part in ("train", "dev"):
        yield f"cold {part}", (row["TEXT"] for row in csv.DictReader(lines(data / f"cold/{part}.csv.gz")))
    yield "cntp non_toxic", (json.loads(line)["text"] for line in lines(data / "cntp/non_toxic.even.jsonl.gz"))
    for name in ("ham", "spam"):
        yield f"tg-spam {name}", iter((data / f"tg-spam/{name}-samples.txt").read_text("utf-8").splitlines())


def theirs(linkify: LinkifyIt, text: str) -> tuple[list[Span], int]:
    """The links that linkify-it finds, and how many addresses of mailboxes."""
    found = (linkify.match(text) or []) if linkify.test(text) else []
    links = [(match.index, match.last_index) for match in found if match.schema != "mailto:"]
    return links, len(found) - len(links)


# causes ------------------------------------------------------------------------------------------------------------


def cause_of_another_span(text: str, span: Span, ours: LinkHit) -> str:
    """Why one link has two spans."""
    start, end = span
    if ours.start > start:
        before = text[start : ours.start]
        return "a name before the host" if before.endswith(("=", "+")) else "other text glued to its beginning"
    if ours.end > end:
        return "an open bracket in the path" if text[end] in "([" else "marks inside the path or query"
    first = text[ours.end]
    if first in "*`~":
        return "marks of Markdown at its end"
    if first in ".,:;!?…":
        return "punctuation at its end"
    if first in "\"'“”‘’\\<>{}|(":
        return "quotation marks and braces that no address has"
    return "Chinese or Japanese text glued to its end" if first > "\u2e80" else "something else at its end"


def cause_of_theirs_alone(text: str, span: Span) -> str:
    """Why we take what they found for no link."""
    found = text[slice(*span)].lower()
    host = found.removeprefix("//").partition("/")[0].partition(":")[0]
    last = host.rpartition(".")[2]
    if found.startswith("//") or trust(last) == "none":
        return "a comment in code (`//`)"
    if host in SOFTWARE:
        return "the name of a software"
    before = text[max(span[0] - 3, 0) : span[0]]
    if before.endswith(("\\", "(", "%2F", "%")) and trust(last) in ("sure", "fair"):
        return "a path of Windows, a regular expression, an encoded address"
    if last in FILES:
        return "the name of a file"
    if text[span[0] : span[1]].rpartition(".")[2].istitle() or last in ("it", "so", "is", "no", "to", "do", "am", "my"):
        return "the end of a sentence, without its space, and short names that look like it"
    return "a name in code, and bare hosts below names that are words"


def cause_of_ours_alone(text: str, hit: LinkHit) -> str:
    """Why they find no link where we do."""
    if not set(LINK_TRICKS).isdisjoint(hit.steps):
        return "a hidden link"
    before = text[hit.start - 1 : hit.start]
    if "://" in hit.url:
        if before.isalnum() or before == "_":
            return "the space before the scheme was forgotten"
        return "a scheme after a mark that they refuse (` = + and others)"
    if hit.host.replace(".", "").isdigit():
        return "an IP address with a port"
    return "after a mark that they refuse (` / - and others)" if before.strip() else "a newer top-level domain"


def compare(text: str, linkify: LinkifyIt, counts: Counter[str]) -> Iterator[str]:
    """Count the links of one text; the differences, to read."""
    hits = find_links(text)
    wanted, mailboxes = theirs(linkify, text)
    counts["texts"] += 1
    counts["mailboxes"] += mailboxes
    for start, end in wanted:
        near = [hit for hit in hits if hit.start < end and start < hit.end]
        if any((hit.start, hit.end) == (start, end) for hit in near):
            counts["same span"] += 1
            continue
        kind, cause = (
            ("other span", cause_of_another_span(text, (start, end), near[0]))
            if near
            else ("only theirs", cause_of_theirs_alone(text, (start, end)))
        )
        counts[kind] += 1
        counts[f"{kind}: {cause}"] += 1
        yield f"{kind}: {cause}: {text[start:end]!r} {[hit.url for hit in near]}"
    for hit in hits:
        if not any(start < hit.end and hit.start < end for start, end in wanted):
            cause = cause_of_ours_alone(text, hit)
            counts["only ours"] += 1
            counts[f"only ours: {cause}"] += 1
            yield f"only ours: {cause}: {text[max(hit.start - 9, 0) : hit.end]!r} {hit.steps}"


def contacts(text: str, counts: Counter[str]) -> Iterator[str]:
    for hit in find_contacts(text):
        counts["hidden contacts" if hit.steps else "contacts"] += 1
        if hit.steps:
            yield f"contact: {text[hit.start : hit.end]!r} {hit.kind} {hit.steps}"


def twitter_cases(data: Path) -> Iterator[tuple[str, bool]]:
    """Each URL case of twitter-text, and whether we find exactly what it expects."""
    import yaml

    tests = yaml.safe_load((data / "twitter-text/extract.yml").read_text("utf-8"))["tests"]
    for section in ("urls", "urls_with_indices", "urls_with_directional_markers", "tco_urls_with_params"):
        for case in tests.get(section, ()):
            found = find_links(case["text"])
            expected = [each if isinstance(each, str) else (each["url"], *each["indices"]) for each in case["expected"]]
            bare = all(isinstance(each, str) for each in expected)
            ours = [hit.url if bare else (hit.url, hit.start, hit.end) for hit in found]
            yield f"{section}: {case['description']}", ours == expected


def main(arguments: list[str]) -> None:
    show = "--show" in arguments
    given = [argument for argument in arguments if argument != "--show"]
    data = Path(
        given[0] if given else os.environ.get("GROUPCORE_DATA") or Path(__file__).parents[2] / "shared" / "data"
    )
    linkify = LinkifyIt()
    total: Counter[str] = Counter()
    for name, rows in texts(data):
        counts: Counter[str] = Counter()
        for text in rows:
            for line in (*compare(text, linkify, counts), *contacts(text, counts)):
                if show:
                    print(f"  {line}")
        print(name, {key: count for key, count in counts.items() if ":" not in key})
        total += counts
    print("all sets")
    for key, count in sorted(total.items()):
        print(f"  {count:6} {key}")
    cases = list(twitter_cases(data))
    print(f"twitter-text: {sum(exact for _, exact in cases)} of {len(cases)} exact")
    for description, exact in cases:
        if not exact:
            print(f"  {description}")


if __name__ == "__main__":
    main(sys.argv[1:])
