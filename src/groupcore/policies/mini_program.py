"""Mini-programs: the applications that open inside WeChat."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from attrs import field, frozen

from groupcore.policies.base import ContentPolicy, Match, register
from groupcore.policies.settings import flag, strings
from groupcore.text import Reading

_TEXT_LINK = re.compile(r"[#＃] ?小程序[:：]//([^\s/，。！？、；,!?;]{1,64})(?:/[A-Za-z0-9_-]{1,64})?")


@register
@frozen(kw_only=True)
class MiniProgramPolicy(ContentPolicy):
    """A shared mini-program whose app is not in ``allow`` is a finding.

    ``allow`` holds app ids as the platform gives them; names for links in the text. With ``text_links``, which is the
    default, a ``#小程序://name/...`` in the sender's own text counts too.
    """

    kind: ClassVar[str] = "mini-program"
    spares_bare: ClassVar[bool] = True
    reads_domains: ClassVar[bool] = False

    allow: tuple[str, ...] = field(default=(), converter=strings)
    text_links: bool = field(default=True, validator=flag)

    def find(self, reading: Reading) -> Match | None:
        """A match with every mini-program that is not allowed."""
        cards = self._cards(reading) if reading.parts else []
        links = self._links(reading) if self.text_links and "小程序" in reading.text else []
        if not cards and not links:
            return None
        evidence: dict[str, Any] = {"mini_programs": len(cards) + len(links)}
        if cards:
            evidence["fields"] = [place for place, _ in cards]
        apps = [app for _, app in cards] + [link[1] for link in links]
        return Match(self.id, tuple(link.span() for link in links), evidence, quoted={"apps": apps})

    def _cards(self, reading: Reading) -> list[tuple[str, str]]:
        """The place and app of each part that is a mini-program and not allowed."""
        return [
            (f"parts[{index}]", str(part.get("app", "")))
            for index, part in enumerate(reading.parts)
            if part.kind == "mini-program" and part.get("app", "") not in self.allow
        ]

    def _links(self, reading: Reading) -> list[re.Match[str]]:
        found = _TEXT_LINK.finditer(reading.text, *reading.own)
        return [link for link in found if link[1] not in self.allow]
