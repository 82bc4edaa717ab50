"""How much of what is written to slip past is found, and how often clean text is taken for it.

    uv run python benchmarks/reading_evasion.py            # the held-out rows: id % 10 >= 6
    uv run python benchmarks/reading_evasion.py --part dev # the rows that the chances were set on

The ids are running numbers of the data sets, and say nothing about the text; the rows of cntp are all different
sentences. What was ever tuned was tuned on dev, in cntp and in cold alike, so the split never changes.

Reads ../shared/data (or GROUPCORE_DATA). Every share comes with its n and a Wilson 95% interval.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from groupcore.text import KeywordReader

PRESETS = ("strict", "balanced", "wide")
SEED = 20260101
THRESHOLDS = (0.999, 0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)


def data_dir() -> Path:
    return Path(os.environ.get("GROUPCORE_DATA") or Path(__file__).parents[2] / "shared" / "data")


def lines(name: str) -> list[str]:
    path = data_dir() / name
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode()
    return [line for line in text.split("\n") if line.strip()]


def rows(name: str, wanted: Callable[[int], bool]) -> list[dict[str, Any]]:
    return [row for row in map(json.loads, lines(name)) if wanted(row["id"])]


def cold(wanted: Callable[[int], bool]) -> list[str]:
    found = []
    for name in ("train", "dev"):
        with gzip.open(data_dir() / f"cold/{name}.csv.gz") as file:
            table = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig"))
            found += [row["TEXT"] for row in table if wanted(int(row[""]))]
    return found


def wilson(hits: int, n: int) -> str:
    """The share, and its 95% interval."""
    if not n:
        return "-"
    z, p = 1.96, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return f"{100 * p:5.1f} [{max(0.0, 100 * (middle - half)):.1f}, {100 * (middle + half):.1f}]"


def changed_span(row: dict[str, Any]) -> tuple[int, int]:
    """What of the row is perturbed: from the first character that differs to the last."""
    before, after = row["original"], row["perturbed"]
    if before == after:
        return 0, len(after)
    start = next(
        (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    tail = 0
    while tail < min(len(before), len(after)) - start and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return start, max(len(after) - tail, start + 1)


def readers_of(row: dict[str, Any], folds: Iterable[str] = PRESETS) -> dict[str, KeywordReader] | None:
    try:
        return {fold: KeywordReader(row["entities"], fold=fold) for fold in folds}
    except ValueError:
        return None  # an entity that is nothing but a sign


def recall(perturbed: list[dict[str, Any]], clean: list[str]) -> None:
    rnd = random.Random(SEED)
    n: Counter[str] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    touching: Counter[tuple[str, str]] = Counter()
    alarms: Counter[str] = Counter()
    rows_with_alarm: Counter[str] = Counter()
    for row in perturbed:
        n[row["kind"]] += 1
        readers = readers_of(row)
        five = rnd.sample(clean, 5)
        if readers is None:
            continue
        start, end = changed_span(row)
        for fold, reader in readers.items():
            hits = reader.find(row["perturbed"])
            found[row["kind"], fold] += bool(hits)
            touching[row["kind"], fold] += any(hit.start < end and start < hit.end for hit in hits)
            fired = sum(bool(reader.find(text)) for text in five)
            alarms[fold] += fired
            rows_with_alarm[fold] += bool(fired)
    for title, counts in (("found", found), ("found, touching what was changed", touching)):
        print(
            f"\n## Rows {title}, percent [Wilson 95%]\n\n| kind | n | "
            + " | ".join(PRESETS)
            + " |\n|---|---|---|---|---|"
        )
        for kind in sorted(n):
            print(
                f"| {kind} | {n[kind]} | " + " | ".join(wilson(counts[kind, fold], n[kind]) for fold in PRESETS) + " |"
            )
    total = sum(n.values())
    print(
        "\n## Each row's own reader on five clean rows\n\n| | n | " + " | ".join(PRESETS) + " |\n|---|---|---|---|---|"
    )
    print(
        f"| texts that it fires on | {5 * total} | " + " | ".join(wilson(alarms[f], 5 * total) for f in PRESETS) + " |"
    )
    print(
        f"| rows with one of five | {total} | " + " | ".join(wilson(rows_with_alarm[f], total) for f in PRESETS) + " |"
    )


def word_lists() -> dict[str, list[str]]:
    lists = lines("lexicons/ldnoobw-zh.txt") + lines("lexicons/konsheng-advertising.txt")
    return {
        "ldnoobw-zh + advertising": lists,
        "2,000 of konsheng-50k": random.Random(SEED).sample(lines("lexicons/konsheng-50k-scale.txt.gz"), 2000),
    }


def false_alarms(texts: dict[str, list[str]]) -> None:
    print(
        "\n## Texts found with word lists, percent\n\n| words | texts | n | "
        + " | ".join(PRESETS)
        + " |\n|---|---|---|---|---|---|"
    )
    for name, words in word_lists().items():
        readers = {fold: KeywordReader(words, fold=fold) for fold in PRESETS}
        for where, sample in texts.items():
            cells = [wilson(sum(bool(readers[fold].find(text)) for text in sample), len(sample)) for fold in PRESETS]
            print(f"| {name} ({len(words)}) | {where} | {len(sample)} | " + " | ".join(cells) + " |")


def curve(perturbed: list[dict[str, Any]], texts: list[str]) -> None:
    """Recall by kind and false alarms of the lists as the least score moves, all foldings on."""
    kinds = sorted({row["kind"] for row in perturbed})
    n = Counter(row["kind"] for row in perturbed)
    best: list[tuple[str, float]] = []
    for row in perturbed:
        try:
            reader = KeywordReader(row["entities"], fold="wide", least=min(THRESHOLDS))
        except ValueError:
            continue
        best.append((row["kind"], max((hit.score for hit in reader.find(row["perturbed"])), default=0.0)))
    lists = []
    for words in word_lists().values():
        reader = KeywordReader(words, fold="wide", least=min(THRESHOLDS))
        lists.append([max((hit.score for hit in reader.find(text)), default=0.0) for text in texts])
    print(f"\n## Recall and false alarms by the least score (all foldings; {len(texts)} texts of cold)\n")
    print("| score | " + " | ".join(kinds) + " | lists | 2,000 |\n" + "|---" * (len(kinds) + 3) + "|")
    for least in THRESHOLDS:
        shares = [sum(kind == k and s >= least for k, s in best) / n[kind] for kind in kinds]
        wrong = [sum(s >= least for s in scores) / len(scores) for scores in lists]
        print(f"| {least} | " + " | ".join(f"{100 * share:.1f}" for share in [*shares, *wrong]) + " |")


LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8", "g": "9"}
CYRILLIC = {"a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "о", "p": "р", "s": "ѕ", "x": "х", "y": "у"}


def leet(word: str, rnd: random.Random) -> str:
    places = [i for i, char in enumerate(word) if char in LEET]
    chosen = set(rnd.sample(places, max(1, (len(places) + 1) // 2))) if places else set()
    return "".join(rnd.choice(LEET[char]) if i in chosen else char for i, char in enumerate(word))


def spaced(word: str, rnd: random.Random) -> str:
    return rnd.choice(" .-_*").join(word)


def repeated(word: str, rnd: random.Random) -> str:
    place = rnd.randrange(len(word))
    return word[:place] + word[place] * rnd.randint(3, 6) + word[place + 1 :]


def swapped(word: str, rnd: random.Random) -> str:
    places = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    place = rnd.choice(places) if places else 0
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def confused(word: str, rnd: random.Random) -> str:
    return "".join(CYRILLIC.get(char, char) if rnd.random() < 0.7 else char for char in word)


def zalgo(word: str, rnd: random.Random) -> str:
    return "".join(char + "".join(chr(rnd.randrange(0x300, 0x370)) for _ in range(rnd.randint(1, 4))) for char in word)


def starred(word: str, rnd: random.Random) -> str:
    place = rnd.randrange(1, len(word) - 1)
    return word[:place] + "*" + word[place + 1 :]


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    leet, spaced, repeated, swapped, confused, zalgo, starred,
)  # fmt: skip


def english() -> None:
    words = [word for word in lines("lexicons/ldnoobw-en.txt") if word.isascii() and word.isalpha() and len(word) > 3]
    everything = lines("lexicons/ldnoobw-en.txt")
    readers = {fold: KeywordReader(everything, fold=fold) for fold in PRESETS}
    print("\n## English words, disguised\n\n| mutation | n | " + " | ".join(PRESETS) + " |\n|---|---|---|---|---|")
    for mutation in MUTATIONS:
        rnd = random.Random(SEED)
        texts = [f"so {written} you know" for word in words for written in [mutation(word, rnd)] if written != word]
        cells = [wilson(sum(bool(readers[fold].find(text)) for text in texts), len(texts)) for fold in PRESETS]
        print(f"| {mutation.__name__} | {len(texts)} | " + " | ".join(cells) + " |")
    print("\n| texts | n | " + " | ".join(PRESETS) + " |\n|---|---|---|---|---|")
    gitter = [json.loads(line)["text"] for line in lines("gitter/messages.jsonl.gz")]
    for where, texts in {"gitter": gitter, "tg-spam ham": lines("tg-spam/ham-samples.txt")}.items():
        cells = [wilson(sum(bool(readers[fold].find(text)) for text in texts), len(texts)) for fold in PRESETS]
        print(f"| {where} | {len(texts)} | " + " | ".join(cells) + " |")
        report_guesses(readers["wide"], readers["strict"], texts)


def report_guesses(wide: KeywordReader, strict: KeywordReader, texts: list[str]) -> None:
    """What fires, by the disguise that was seen: to be read by hand."""
    seen: list[str] = []
    for text in texts:
        if not strict.find(text):
            for hit in wide.find(text):
                before, after = text[max(0, hit.start - 30) : hit.start], text[hit.end : hit.end + 30]
                shown = f"{before}⟦{text[hit.start : hit.end]}⟧{after}"
                seen.append(f"{hit.word} ({', '.join(hit.steps)}): {' '.join(shown.split())}")
    print(f"\nfound by wide in texts that strict passes over: {len(seen)}; of these, with a seed:\n")
    for line in random.Random(SEED).sample(seen, min(40, len(seen))):
        print(f"- {line}")


def cost(clean: list[str], comments: list[str]) -> None:
    """Time of each preset over that of strict, interleaved; texts in which nothing is found."""
    lists = word_lists() | {"10 of ldnoobw-zh": lines("lexicons/ldnoobw-zh.txt")[40:50], "one word": ["加微信"]}
    lists["ldnoobw-en"] = lines("lexicons/ldnoobw-en.txt")
    chat = [json.loads(line)["text"] for line in lines("gitter/messages.jsonl.gz")[::300]]
    places = {
        "cold": comments[:700],
        "clean Chinese of 22 to 42 characters": [text for text in clean + comments if 22 <= len(text) <= 42][:400],
        "gitter": chat,
        "gitter, ASCII": [text for text in chat if text.isascii()],
    }
    print(
        "\n## Cost on clean text, times strict (least of 9 for each 15 texts, interleaved)\n\n"
        "| words | texts | n | strict | balanced | wide |\n|---|---|---|---|---|---|"
    )
    for name, words in lists.items():
        readers = {fold: KeywordReader(words, fold=fold) for fold in PRESETS}
        for where, texts in places.items():
            quiet = [text for text in texts if not readers["wide"].find(text)]
            best = timed(readers, quiet)
            print(
                f"| {name} | {where} | {len(quiet)} | {best['strict'] * 1e6:.1f} µs | "
                + " | ".join(f"{best[f] / best['strict']:.2f}" for f in PRESETS[1:])
                + " |"
            )
    building()


def building() -> None:
    words = lines("lexicons/ldnoobw-zh.txt")[40:50]
    made = {fold: min(clock(lambda fold=fold: KeywordReader(words, fold=fold)) for _ in range(50)) for fold in PRESETS}
    read = {
        fold: min(clock(lambda fold=fold: KeywordReader(words, fold=fold).find("好的")) for _ in range(50))
        for fold in PRESETS
    }
    print(
        "\nbuilding a reader for ten words, and with the first text read by it, ms: "
        + ", ".join(f"{fold} {1e3 * made[fold]:.2f} and {1e3 * read[fold]:.2f}" for fold in PRESETS)
    )


def timed(readers: dict[str, KeywordReader], texts: list[str]) -> dict[str, float]:
    """Seconds a text: the least of several runs over each handful of texts, so that other work counts less."""
    handfuls = [texts[place : place + 15] for place in range(0, len(texts), 15)]
    best: dict[str, list[float]] = {fold: [1.0] * len(handfuls) for fold in readers}
    for _ in range(9):
        for fold, reader in readers.items():
            for place, some in enumerate(handfuls):
                spent = clock(lambda find=reader.find, some=some: [find(text) for text in some])
                best[fold][place] = min(best[fold][place], spent)
    return {fold: sum(times) / len(texts) for fold, times in best.items()}


def clock(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def parts(name: str) -> Iterator[Callable[[int], bool]]:
    yield {"dev": lambda id: id % 10 < 6, "held": lambda id: id % 10 >= 6, "all": lambda id: True}[name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["dev", "held", "all"], default="held")
    parser.add_argument("--only", choices=["recall", "alarms", "curve", "english", "cost"])
    parser.add_argument("--cold", type=int, default=8000, help="so many texts of cold, drawn with a fixed seed")
    chosen = parser.parse_args()
    if not data_dir().is_dir():
        sys.exit(f"the open data is not at {data_dir()}; set GROUPCORE_DATA")
    wanted = next(parts(chosen.part))
    perturbed = rows("cntp/perturbed.even.jsonl.gz", wanted)
    clean = [row["text"] for row in rows("cntp/non_toxic.even.jsonl.gz", wanted)]
    comments = cold(wanted)
    comments = random.Random(SEED).sample(comments, min(chosen.cold, len(comments)))
    steps: dict[str, Callable[[], None]] = {
        "recall": lambda: recall(perturbed, clean),
        "alarms": lambda: false_alarms({"cntp/non_toxic": clean, "cold": comments}),
        "curve": lambda: curve(perturbed, comments),
        "english": english,
        "cost": lambda: cost(clean, comments),
    }
    print(f"# Reading evasions: the rows called {chosen.part}")
    for name, step in steps.items():
        if chosen.only in (None, name):
            step()


if __name__ == "__main__":
    main()
