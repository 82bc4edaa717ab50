"""How benchmarks are run: ours and its yardstick in turns, the ratios in a table at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.yardsticks import Clock, Comparison, data, seconds

HERE = Path(__file__).parent
ROUNDS = 25
TABLE = pytest.StashKey[list[Comparison]]()

Work = Callable[[], object]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.bench)


@pytest.fixture(scope="session")
def quick(request: pytest.FixtureRequest) -> bool:
    """Whether only to see that the benchmarks run: then one round, few messages, and no bounds."""
    config = request.config
    return bool(config.getoption("benchmark_disable") or config.getoption("benchmark_min_rounds") < 2)


@pytest.fixture
def against(request: pytest.FixtureRequest, benchmark: BenchmarkFixture, quick: bool) -> Any:
    """Measure ours against a yardstick, in turns, and hold the ratio to a bound.

    The bounds are generous: they catch what became twice as slow, not what the machine does.
    """

    def compare(
        name: str,
        ours: Work,
        yardstick: Work,
        *,
        by: str,
        count: int,
        below: float,
        rounds: int = ROUNDS,
        clock: Clock = time.process_time,
    ) -> None:
        comparison = Comparison(name, by, count)
        if not quick:
            ours()  # what is compiled and cached at first
        pedantic: Any = benchmark.pedantic
        pedantic(
            lambda: comparison.ours.append(seconds(ours, clock)),
            setup=lambda: comparison.theirs.append(seconds(yardstick, clock)),
            rounds=1 if quick else rounds,
        )
        benchmark.extra_info.update(yardstick=by, count=count, ratio=comparison.ratio, typical=comparison.typical)
        request.config.stash.setdefault(TABLE, []).append(comparison)
        assert quick or comparison.ratio < below, f"{name}: {comparison.ratio:.2f} of {by}, expected below {below}"

    return compare


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    table = config.stash.get(TABLE, [])
    if not table:
        return
    python = sys.version.split()[0]
    terminalreporter.section(f"ratios (Python {python}, {'open data' if data() else 'made-up texts'})")
    terminalreporter.write_line("| what | yardstick | n | ours, µs | yardstick, µs | ratio | median |")
    terminalreporter.write_line("|---|---|--:|--:|--:|--:|--:|")
    for it in table:
        ours, theirs = it.micros(it.ours), it.micros(it.theirs)
        figures = f"{it.count:,} | {ours:.2f} | {theirs:.2f} | {it.ratio:.2f} | {it.typical:.2f}"
        terminalreporter.write_line(f"| {it.name} | {it.yardstick} | {figures} |")
