from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from types import SimpleNamespace
from typing import Any

import pytest

from groupcore.text import find_links, reader_versions, suffixes
from groupcore.text.suffixes import registrable, suffix_list

HOSTS = [
    ("example.com", "example.com"),
    ("a.b.example.com", "example.com"),
    ("shop.example.co.uk", "example.co.uk"),
    ("a.example.com.cn", "example.com.cn"),
    ("com", "com"),
    ("co.uk", "co.uk"),
    ("localhost", "localhost"),
    ("a.b.nowhere", "b.nowhere"),
    ("x.example.中国", "example.中国"),
    ("x.xn--fsqu00a.xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s"),
    ("www.xn--fsqu00a.com.cn", "xn--fsqu00a.com.cn"),
]

ON_THE_LIST_ALONE = [
    ("a.b.example.city.kawasaki.jp", "city.kawasaki.jp"),
    ("a.b.example.kawasaki.jp", "b.example.kawasaki.jp"),
    ("www.ck", "www.ck"),
    ("a.www.ck", "www.ck"),
    ("a.b.c.ck", "b.c.ck"),
    ("a.例子.公司.cn", "例子.公司.cn"),
    ("a.xn--fsqu00a.xn--55qx5d.cn", "xn--fsqu00a.xn--55qx5d.cn"),
    ("amy.github.io", "github.io"),
]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[ModuleSpec | SimpleNamespace | None], None]]:
    """What the search for tldextract finds."""

    def forget() -> None:
        suffixes._named.cache_clear()
        suffixes._rules.cache_clear()

    def installed(spec: Any) -> None:
        monkeypatch.setattr(suffixes, "find_spec", lambda _: spec)
        forget()

    yield installed
    monkeypatch.undo()
    forget()


def package(text: str) -> SimpleNamespace:
    loader = SimpleNamespace(get_data=lambda _: text.encode())
    return SimpleNamespace(loader=loader, submodule_search_locations=["somewhere"])


@pytest.mark.parametrize(("host", "domain"), HOSTS)
def test_what_somebody_bought(host: str, domain: str) -> None:
    assert registrable(host) == domain


@pytest.mark.parametrize(("host", "domain"), HOSTS)
def test_our_own_short_list_knows_the_common_ones_too(host: str, domain: str, answer: Any) -> None:
    answer(None)
    assert registrable(host) == domain
    assert suffix_list() == "built-in"


@pytest.mark.parametrize(("host", "domain"), ON_THE_LIST_ALONE)
def test_wildcards_and_exceptions_of_the_list(host: str, domain: str) -> None:
    pytest.importorskip("tldextract", reason="the extra links is not installed")
    assert registrable(host) == domain


def test_it_agrees_with_tldextract_about_every_rule_of_the_list() -> None:
    tldextract = pytest.importorskip("tldextract", reason="the extra links is not installed")
    extract = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True).extract_str
    rules = {rule.lstrip("!*.") for rule in suffixes._rules()}
    assert len(rules) > 5000
    for host in (f"{below}{rule}" for rule in rules for below in ("", "a.", "b.a.", "c.b.a.")):
        found = extract(host)
        assert registrable(host) == (f"{found.domain}.{found.suffix}" if found.domain and found.suffix else host)


def test_the_list_is_read_without_importing_what_could_download_it() -> None:
    pytest.importorskip("tldextract", reason="the extra links is not installed")
    code = (
        "import sys; from groupcore.text import find_links; assert find_links('a.example.co.uk')[0].domain\n"
        "print('tldextract' in sys.modules, 'requests' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_versions_of_a_reader_name_the_list_and_its_version(answer: Any) -> None:
    answer(package("// VERSION: 2030-01-01\n\n// comment\ncom\n*.zz\n!www.zz\nkept words after\n"))
    assert reader_versions()["suffixes"] == "public-suffix-list/2030-01-01"
    assert [registrable(host) for host in ("a.b.c.zz", "a.www.zz", "a.b.kept")] == ["b.c.zz", "www.zz", "b.kept"]
    answer(None)
    assert reader_versions()["suffixes"] == "built-in"
    assert "suffixes" not in reader_versions(domains=False)


def test_a_list_without_a_version_is_named_after_its_package(answer: Any) -> None:
    pytest.importorskip("tldextract", reason="the extra links is not installed")
    answer(package("com\n"))
    assert suffix_list().startswith("public-suffix-list/tldextract-")


def test_an_installation_without_the_list_is_one_without_the_extra(answer: Any) -> None:
    def missing(_: str) -> bytes:
        raise FileNotFoundError

    answer(SimpleNamespace(loader=SimpleNamespace(get_data=missing), submodule_search_locations=["x"]))
    assert suffix_list() == "built-in"
    answer(SimpleNamespace(loader=None, submodule_search_locations=None))
    assert suffix_list() == "built-in"


def test_the_domain_of_a_link_comes_from_the_list() -> None:
    (hit,) = find_links("https://shop.example.co.uk/x")
    assert (hit.host, hit.domain) == ("shop.example.co.uk", "example.co.uk")


def test_a_very_long_name_is_read_in_bounded_time() -> None:
    assert registrable("a." * 20_000 + "example.co.uk") == "example.co.uk"
