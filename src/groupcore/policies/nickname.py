"""Words that a group does not want to read in the names of its members."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from attrs import field, frozen

from groupcore.policies.base import Match, NamePolicy, register
from groupcore.policies.evidence import once, spans_of, through
from groupcore.policies.settings import flag, share
from groupcore.text import Lexicon, Reading
from groupcore.text.lexicon import readable_fold, readable_words


@register
@frozen(kw_only=True)
class NicknamePolicy(NamePolicy):
    """A member who joins, or takes another name, with one of ``words`` in that name is a finding.

    It answers the join or the renaming and no message: ``message`` is null, the spans count in the name, and nothing is
    deleted; strike and sanction are those of the ladder. ``allow``, ``substring``, ``fold`` and ``min_score`` mean what
    they do for messages.
    """

    kind: ClassVar[str] = "nickname"
    version: ClassVar[int] = 2  # since 2 a finding names the foldings it took under strict, too
    reads_domains: ClassVar[bool] = False

    words: tuple[str, ...] = field(converter=readable_words)
    allow: tuple[str, ...] = field(default=(), converter=readable_words)
    substring: bool = field(default=False, validator=flag)
    fold: str | tuple[str, ...] = field(default="strict", converter=readable_fold)
    min_score: float | None = field(default=None, validator=share)

    @words.validator
    def _some(self, _: Any, words: tuple[str, ...]) -> None:
        if not words:
            raise ValueError("words is empty, so nothing would ever be found")

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that are looked up in names."""
        return Lexicon(self.words, self.allow, self.substring, quotes=True, fold=self.fold, least=self.min_score)

    def find(self, reading: Reading) -> Match | None:
        """A match with every word in the name, and where."""
        hits = reading.hits(self.id)
        if not hits:
            return None
        evidence = {"words": once(hit.word for hit in hits), **through(hits)}
        return Match(self.id, spans_of(hits), evidence, hits=hits)
