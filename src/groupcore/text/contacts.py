"""Ways to reach somebody that people write into a message, and how they write them to slip past a rule.

What stands in plain sight is found by `plain_contacts` in the folded text. `contact_tricks` undoes what hides others:
digits of any style, noise between them, ``薇❤`` for WeChat, ``(at)`` for ``@``; each is named in ``steps``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from attrs import evolve, frozen

from groupcore.messages import Part
from groupcore.text import contact_tricks
from groupcore.text.contact_tricks import CONTACT_TRICKS, odd_digits, undone
from groupcore.text.folding import Chain, chain_of
from groupcore.text.glance import may_hold_contact, may_hold_link
from groupcore.text.links import find_links
from groupcore.text.plain_contacts import ContactKind, Found, plain_contacts
from groupcore.text.plain_links import LinkHit
from groupcore.text.quoting import own_start
from groupcore.text.rewriting import Rewritten
from groupcore.text.strings import strings_of

__all__ = [
    "CONTACT_TRICKS",
    "ContactHit",
    "ContactKind",
    "contacts_in",
    "contacts_of",
    "find_contacts",
    "searched_contacts",
]

VERSION = f"4/{contact_tricks.VERSION}"  # raised when the same text would yield other contacts


@frozen
class ContactHit:
    """A contact: its span in the original text, its kind, and its value in one spelling (lower case, digits only).

    ``field`` is None for the text, or names the string of a part, such as ``parts[0].title``, that the span counts in.
    ``steps`` are what hid the contact, ``score`` how sure we are that it is one, at most 1.
    """

    start: int
    end: int
    kind: ContactKind
    value: str
    field: str | None = None
    steps: tuple[str, ...] = ()
    score: float = 1.0


def find_contacts(text: str, tricks: bool | Collection[str] = True) -> list[ContactHit]:
    """The contacts in *text*, in order, none overlapping another; with *tricks* also those hidden in those ways.

    >>> [(hit.kind, hit.value) for hit in find_contacts("加微信：lin_0816，或打１３８ ００１３ ８０００")]
    [('wechat', 'lin_0816'), ('phone', '13800138000')]
    >>> [(hit.value, hit.steps) for hit in find_contacts("薇❤：lin_0816")]
    [('lin_0816', ('sign',))]
    """
    chain = chain_of()
    return contacts_in(text, chain(text), chain, tricks)


def contacts_in(text: str, folded: str, chain: Chain, tricks: bool | Collection[str] = True) -> list[ContactHit]:
    """`find_contacts` of a text that *chain* has folded already."""
    return searched_contacts(text, folded, chain, tricks) if may_hold_contact(folded) else []


def searched_contacts(text: str, folded: str, chain: Chain, tricks: bool | Collection[str] = True) -> list[ContactHit]:
    """`contacts_in` without a glance first: for texts in which there may be some."""
    names = CONTACT_TRICKS if tricks is True else tricks or ()
    plain = plain_contacts(folded)
    if not plain and not names:
        return []
    back = chain.mapper(text)
    found = [_as_written(ContactHit(*back(hit.start, hit.end), hit.kind, hit.value), text, names) for hit in plain]
    hits = _joined([hit for hit in found if hit], _hidden(folded, names, back))
    return _outside_links(hits, text) if hits and may_hold_link(text) else hits


def contacts_of(
    text: str, parts: Sequence[Part] = (), tricks: bool | Collection[str] = True, quotes: bool = False
) -> tuple[ContactHit, ...]:
    """The contacts of a message: in its sender's own text, then in what its parts show, addresses of links aside.

    With *quotes* those of a quotation in front and of forwarded records, too.
    """
    own = 0 if quotes else own_start(text)
    found = [hit for hit in find_contacts(text, tricks) if hit.start >= own]
    for string in strings_of(parts, quotes=quotes, addresses=True) if parts else ():
        if not string.is_link:
            found.extend(evolve(hit, field=string.field) for hit in find_contacts(string.text, tricks))
    return tuple(found)


def _outside_links(hits: list[ContactHit], text: str) -> list[ContactHit]:
    """*hits* without what stands in the path or the query of a link, hidden or not: it is no more than that."""
    paths = [(max(hit.start, _path_start(hit, text)), hit.end) for hit in find_links(text)]
    return [hit for hit in hits if hit.kind == "email" or not any(a <= hit.start and hit.end <= b for a, b in paths)]


def _path_start(hit: LinkHit, text: str) -> int:
    """Where the first slash or question mark of a link stands; its end without one."""
    places = (text.find(mark, hit.start, hit.end) for mark in "/?")
    return min((place for place in places if place >= 0), default=hit.end)


def _as_written(hit: ContactHit, text: str, names: Collection[str]) -> ContactHit | None:
    """*hit*, with the step that made its digits ones; None where that step is not wanted."""
    if text.isascii() or not odd_digits(text[hit.start : hit.end]):
        return hit
    return evolve(hit, steps=("digits",), score=CONTACT_TRICKS["digits"]) if "digits" in names else None


def _hidden(folded: str, names: Collection[str], back: Callable[[int, int], tuple[int, int]]) -> Iterable[ContactHit]:
    """The contacts that stand in *folded* once the tricks of these *names* are undone, in order."""
    letters, rewrites = undone(folded, names)
    if letters is folded and not rewrites:
        return
    plain = Rewritten(letters, rewrites)
    for hit in plain_contacts(plain.text):
        start, end = plain.back(hit.start, hit.end)
        steps = _steps(hit, folded, letters, plain)
        if steps:
            score = 1.0
            for step in steps:
                score *= CONTACT_TRICKS[step]
            yield ContactHit(*back(start, end), hit.kind, hit.value, None, steps, round(score, 2))


def _steps(hit: Found, folded: str, letters: str, plain: Rewritten) -> tuple[str, ...]:
    """The tricks that *hit* needed, from its sign to its end."""
    start, end = plain.back(hit.sign, hit.end)
    used = {rewrite.trick for rewrite in plain.inside(start, end)}
    if letters is not folded and letters[start:end] != folded[start:end]:
        used.add("digits")
    return tuple(name for name in CONTACT_TRICKS if name in used)


def _joined(plain: list[ContactHit], hidden: Iterable[ContactHit]) -> list[ContactHit]:
    """Both in order; what is plain stays, and so does what a hidden one does not hold and go beyond."""
    kept: list[ContactHit] = []
    index = 0
    for hit in hidden:
        while index < len(plain) and plain[index].end <= hit.start:
            kept.append(plain[index])
            index += 1
        last = index
        while last < len(plain) and plain[last].start < hit.end:
            last += 1
        if (last == index or _is_more(hit, plain[index:last])) and (not kept or kept[-1].end <= hit.start):
            kept.append(hit)
            index = last
    return kept + plain[index:]


def _is_more(hidden: ContactHit, plain: list[ContactHit]) -> bool:
    """Whether the only one of *plain* is no more than the beginning of *hidden*."""
    return (
        len(plain) == 1
        and plain[0].kind == hidden.kind
        and hidden.value.startswith(plain[0].value)
        and len(hidden.value) > len(plain[0].value)
    )
