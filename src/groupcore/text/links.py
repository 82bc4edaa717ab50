"""Links as people write them, and as they write them to slip past a rule.

What stands in plain sight is found by `plain_links`. What somebody hid is found by undoing it: `link_tricks` makes a
text in which ``hxxp``, ``[.]``, ``。`` and the like are what they stand for, the same finder reads that, and each hit
is led back to the original, with the names of the tricks in it as ``steps`` and a lower ``score``. Addresses of
applications (``weixin://``) and the passwords of shops (``￥...￥``) are found for themselves. Linear time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from attrs import evolve

from groupcore.messages import Part
from groupcore.text import look_alikes, redirectors
from groupcore.text.app_links import APP_TRICKS, app_links
from groupcore.text.glance import may_hold_link
from groupcore.text.link_notes import annotated
from groupcore.text.link_tricks import TRICKS, WEAK, hidden_links
from groupcore.text.plain_links import LinkHit, plain_links
from groupcore.text.quoting import own_start
from groupcore.text.rewriting import MOST
from groupcore.text.strings import strings_of

VERSION = f"4/{redirectors.VERSION}/{look_alikes.VERSION}"  # raised when the same text would yield other links

LINK_TRICKS: tuple[str, ...] = (*TRICKS, *APP_TRICKS)
"""The ways of hiding a link that are undone, by name; a rule can name those that it wants."""


def find_links(text: str, tricks: bool | Collection[str] = True) -> list[LinkHit]:
    """The links in *text*, in order, none inside another; with *tricks* also those that somebody hid in those ways.

    >>> [hit.url for hit in find_links("看bit.ly/x吧（或 https://example.com/a_(b)），别写 main.py")]
    ['bit.ly/x', 'https://example.com/a_(b)']
    >>> [(hit.url, hit.host, hit.steps) for hit in find_links("hxxp://evil[.]example。com/x")]
    [('hxxp://evil[.]example。com/x', 'evil.example.com', ('scheme', 'bracketed-dot', 'full-stop'))]
    """
    return searched_links(text, tricks) if may_hold_link(text) else []


def searched_links(text: str, tricks: bool | Collection[str] = True) -> list[LinkHit]:
    """`find_links` without a glance first: for texts in which there may be some."""
    found = list(islice(plain_links(text), MOST))
    names = LINK_TRICKS if tricks is True else tricks or ()
    if names:
        found = _joined(found, hidden_links(text, names))
        found = _joined(found, islice(app_links(text, names), MOST))
    return [annotated(hit) for hit in found[:MOST]]


def whole_link(text: str, tricks: bool | Collection[str] = True) -> LinkHit:
    """The link that *text* is known to be, such as the address of a link card, well-formed or not."""
    for hit in find_links(text, tricks):
        return hit
    return LinkHit(0, len(text), text, "")


def links_of(
    text: str, parts: Sequence[Part] = (), tricks: bool | Collection[str] = True, quotes: bool = False
) -> tuple[LinkHit, ...]:
    """The links of a message: in its sender's own text, then in what its parts carry, QR codes and titles included.

    With *quotes* those of a quotation in front and of forwarded records, too.
    """
    own = 0 if quotes else own_start(text)
    found = [hit for hit in find_links(text, tricks) if hit.start >= own]
    for string in strings_of(parts, quotes=quotes, addresses=True) if parts else ():
        more = [whole_link(string.text, tricks)] if string.is_link else find_links(string.text, tricks)
        found.extend(evolve(hit, field=string.field) for hit in more)
    return tuple(found)


def _joined(plain: list[LinkHit], hidden: Iterable[LinkHit]) -> list[LinkHit]:
    """Both in order. A hidden link takes the place of plain ones inside it where it says more, else it gives way."""
    kept: list[LinkHit] = []
    index = 0
    for hit in hidden:
        while index < len(plain) and plain[index].end <= hit.start:
            kept.append(plain[index])
            index += 1
        last = index
        while last < len(plain) and plain[last].start < hit.end:
            last += 1
        if wins := _over(hit, plain[index:last]):
            kept.append(wins)
            index = last
    return kept + plain[index:]


def _over(hidden: LinkHit, plain: list[LinkHit]) -> LinkHit | None:
    """*hidden*, if it is to stand in place of the *plain* links that it overlaps."""
    if any(other.start < hidden.start or other.end > hidden.end for other in plain):
        return None
    if any(other.host == hidden.host for other in plain):
        return evolve(hidden, score=1.0) if hidden.steps == ("scheme",) else None
    if WEAK.isdisjoint(hidden.steps):
        numbered = any(_numbers(hidden.host.removesuffix(other.host)) for other in plain)
        return None if numbered else hidden
    if "spelled" in hidden.steps and all(hidden.host.endswith(other.host) for other in plain):
        return hidden  # the end of a host that is spelled may look like a whole one
    return hidden if all("." not in other.host for other in plain) else None


def _numbers(labels: str) -> bool:
    """Whether a host has only numbers more than the plain one inside it: ``１．example.com`` is an item of a list."""
    return labels.endswith(".") and labels.replace(".", "").isdigit()
