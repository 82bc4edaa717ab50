"""Words that a group does not want to read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from attrs import field, frozen

from groupcore.policies.base import ContentPolicy, Match, register
from groupcore.policies.evidence import fields_of, once, spans_of, through
from groupcore.policies.settings import flag, share
from groupcore.text import Hit, Lexicon, Reading
from groupcore.text.lexicon import readable_fold, readable_words


@register
@frozen(kw_only=True)
class KeywordPolicy(ContentPolicy):
    """A message that holds one of ``words``, in its text or in what its parts show, is a finding.

    Width, case and invisible characters make no difference. A word without Chinese characters must stand alone
    (``cs`` is not in ``docs``) unless ``substring`` is true. An ``allow`` word excuses every word wholly inside it.
    Quotations and forwarded records are read only with ``inspect_quotes``. ``fold`` says how far words are recognised
    that are written otherwise: a preset (``strict``, ``balanced``, ``wide``) or a list of foldings; with ``min_score``
    guesses below it count for nothing.
    """

    kind: ClassVar[str] = "keyword"
    version: ClassVar[int] = 2  # since 2 a finding names the foldings it took under strict, too
    spares_bare: ClassVar[bool] = True
    reads_domains: ClassVar[bool] = False

    words: tuple[str, ...] = field(converter=readable_words)
    allow: tuple[str, ...] = field(default=(), converter=readable_words)
    substring: bool = field(default=False, validator=flag)
    inspect_quotes: bool = field(default=False, validator=flag)
    fold: str | tuple[str, ...] = field(default="strict", converter=readable_fold)
    min_score: float | None = field(default=None, validator=share)

    @words.validator
    def _some(self, _: Any, words: tuple[str, ...]) -> None:
        if not words:
            raise ValueError("words is empty, so nothing would ever be found")

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that are looked up for this policy while a text is read."""
        return Lexicon(self.words, self.allow, self.substring, self.inspect_quotes, self.fold, self.min_score)

    def find(self, reading: Reading) -> Match | None:
        """A match with every word that was found, and where. The words of all policies are looked up in one pass."""
        hits = reading.hits(self.id)
        if not hits:
            return None
        return Match(self.id, spans_of(hits), {"words": _words(hits), **through(hits), **fields_of(hits)})


def _words(hits: Iterable[Hit]) -> list[str]:
    return once(hit.word for hit in hits)
