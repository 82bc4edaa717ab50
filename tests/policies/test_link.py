from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policies import oracles

from groupcore.messages import Part
from groupcore.policies import LinkPolicy, Match
from groupcore.text import Reader

HOSTS = ["example.com", "a.example.com", "b.a.example.com", "badexample.com", "evil.top", "x.com.cn"]
some_hosts = st.lists(st.sampled_from([*HOSTS, "com", "top"]), max_size=3)


def find(policy: LinkPolicy, text: str, parts: tuple[Part, ...] = ()) -> Match | None:
    return policy.find(Reader({}).read(text, parts))


@given(st.lists(st.sampled_from(HOSTS), max_size=5), some_hosts, some_hosts)
def test_it_agrees_with_the_oracle(hosts: list[str], allow: list[str], deny: list[str]) -> None:
    match = find(LinkPolicy(id="links", allow=allow, deny=deny), "看".join(f"https://{host}/x " for host in hosts))
    expected = oracles.link(hosts, allow, deny)
    assert (match.evidence["links"] if match else 0) == len(expected)
    assert list(match.quoted["hosts"] if match else ()) == list(dict.fromkeys(expected))


def test_what_it_says() -> None:
    text = "看bit.ly/x吧，或 https://example.com"
    match = find(LinkPolicy(id="links", allow=["example.com"]), text)
    assert match == Match("links", ((1, 9),), {"links": 1, "reason": "not-allowed"}, quoted={"hosts": ["bit.ly"]})


def test_deny_wins_over_allow() -> None:
    policy = LinkPolicy(id="links", allow=["example.com"], deny=["bad.example.com"])
    assert find(policy, "www.example.com") is None
    match = find(policy, "x.bad.example.com")
    assert match is not None
    assert match.evidence["reason"] == "denied"
    match = find(policy, "other.com")
    assert match is not None
    assert match.evidence["reason"] == "not-allowed"


def test_hosts_at_home_are_findings_only_when_denied() -> None:
    text = "http://localhost:3000 http://192.168.0.1/x"
    assert find(LinkPolicy(id="links"), text) is None
    match = find(LinkPolicy(id="links", deny=["localhost"]), text)
    assert match is not None
    assert match.quoted == {"hosts": ["localhost"]}


def test_names_are_compared_as_name_servers_know_them() -> None:
    policy = LinkPolicy(id="links", allow=["例子.中国", "Bücher.de"])
    assert find(policy, "http://xn--fsqu00a.xn--fiqs8s/ http://例子.中国/ https://www.bücher.de") is None


def test_user_info_deceives_nobody() -> None:
    match = find(LinkPolicy(id="links", allow=["example.com"]), "https://example.com@evil.test/")
    assert match is not None
    assert match.quoted == {"hosts": ["evil.test"]}
    match = find(LinkPolicy(id="links", allow=["example.com"]), "https://example.com@evil.top/")
    assert match is not None


def test_links_of_parts_are_evidence_and_no_span() -> None:
    parts = (
        Part.of({"kind": "link", "url": "https://evil.top"}),
        Part.of({"kind": "image", "qr": ["https://evil.top"]}),
    )
    match = find(LinkPolicy(id="links"), "", parts)
    assert match is not None
    assert match.spans == ()
    assert match.evidence == {"links": 2, "reason": "not-allowed", "fields": ["parts[0].url", "parts[1].qr[0]"]}


def test_a_link_card_without_a_readable_host_is_still_a_link() -> None:
    card = (Part.of({"kind": "link", "url": "weixin-something"}),)
    assert find(LinkPolicy(id="links", allow=["example.com"]), "", card) is not None
    assert find(LinkPolicy(id="links", deny=["example.com"]), "", card) is None


def test_an_address_of_a_mailbox_is_no_link() -> None:
    assert find(LinkPolicy(id="links"), "写给a@example.com") is None


@pytest.mark.parametrize(
    "bad", ["https://example.com", "*.example.com", "example.com/x", ".com", "a@b.com", "a..b", "a b", "x:80", " "]
)
def test_what_is_no_domain_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"domain|blank"):
        LinkPolicy(id="links", allow=[bad])
    with pytest.raises(ValueError, match=r"domain|blank"):
        LinkPolicy(id="links", deny=[bad])


def test_it_is_a_value() -> None:
    policy = LinkPolicy(id="links", allow=["Example.com."])
    assert policy.allow == ("example.com",)
    assert pickle.loads(pickle.dumps(policy)) == policy


@pytest.mark.parametrize("text", ["hxxp://evil[.]top/x", "evil。top/x", "evil 点 com", "ｅｖｉｌ．ｃｏｍ"])
def test_a_hidden_link_is_a_finding_that_names_the_tricks_and_quotes_the_host(text: str) -> None:
    match = find(LinkPolicy(id="links", allow=["example.com"]), text)
    assert match is not None
    assert match.evidence["through"]
    assert 0 < match.evidence["score"] < 1
    assert match.quoted["hosts"][0].startswith("evil.")
    assert find(LinkPolicy(id="links", allow=["example.com"], tricks=False), text) is None


def test_only_the_tricks_that_were_named_are_undone() -> None:
    policy = LinkPolicy(id="links", tricks=["bracketed-dot"])
    match = find(policy, "a[.]com，b。com，c.com")
    assert match is not None
    assert match.quoted == {"hosts": ["a.com", "c.com"]}
    assert match.evidence == {"links": 2, "reason": "not-allowed", "through": ["bracketed-dot"]}


def test_an_unknown_trick_is_refused_with_what_was_meant() -> None:
    with pytest.raises(ValueError, match="did you mean 'scheme'"):
        LinkPolicy(id="links", tricks=["schema"])


@pytest.mark.parametrize("host", ["exаmple.com", "examp1e.com", "éxample.com", "www.еxample.com", "xn--exmple-4nf.com"])
def test_what_looks_like_an_allowed_host_is_not_allowed(host: str) -> None:
    match = find(LinkPolicy(id="links", allow=["example.com"]), f"https://{host}/")
    assert match is not None
    assert match.evidence["reason"] == "look-alike"


def test_a_redirector_of_an_allowed_host_is_judged_by_where_it_leads() -> None:
    policy = LinkPolicy(id="links", allow=["google.com", "example.com"])
    assert find(policy, "https://www.google.com/url?q=https://example.com/x") is None
    match = find(policy, "https://www.google.com/url?q=https://evil.top/x")
    assert match is not None
    assert match.quoted == {"hosts": ["www.google.com", "evil.top"], "domains": ["google.com", "evil.top"]}
    assert find(LinkPolicy(id="links", deny=["evil.top"]), "https://www.google.com/url?q=https://evil.top/x")


def test_shorteners_and_invitations_are_findings_on_request() -> None:
    text = "bit.ly/x t.me/joinchat/A example.com"
    deny = LinkPolicy(id="links", deny=["evil.top"])
    assert find(deny, text) is None
    both = find(LinkPolicy(id="links", deny=["evil.top"], shorteners=True, invites=True), text)
    assert both is not None
    assert both.evidence == {"links": 2, "reason": "invite"}
    assert (
        find(LinkPolicy(id="links", deny=["x.com"], allow=["bit.ly", "t.me", "example.com"], shorteners=True), text)
        is None
    )
    assert find(LinkPolicy(id="links", allow=["bit.ly", "t.me", "example.com"], invites=True), text) is not None


def test_a_mini_program_has_a_policy_of_its_own() -> None:
    assert find(LinkPolicy(id="links"), "#小程序://读书会/AbC123") is None


def test_a_host_hidden_behind_user_info_is_never_at_home() -> None:
    assert find(LinkPolicy(id="links", allow=["example.com"]), "https://example.com@localhost/") is not None
