"""What was posted lately in one group: what window policies look at.

Finding never depends on sanctions, so nothing here knows of any: a deleted message counts, a muted author too.
Windows run in the time of the events, half-open ``(t - window, t]``; late arrivals find their place.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from operator import attrgetter

import attrs

from groupcore.clock import MINUTE
from groupcore.events.facts import MessagePosted
from groupcore.text import Reading, fingerprint

LATENESS = 10 * MINUTE
"""A fact further than this behind the greatest ``at`` of its stream is late: it leads to nothing."""

_at = attrgetter("at")
_NONE: frozenset[str] = frozenset()


class Post:
    """One message in a window: the fact, and (when somebody asks) its key for comparison.

    ``seen`` is what the clock of the stream said once the post had arrived. ``consumed`` are the rules whose findings
    counted it already.
    """

    __slots__ = ("_key", "_reading", "at", "consumed", "fact", "seen")

    def __init__(self, fact: MessagePosted, reading: Reading | None = None) -> None:
        self.fact = fact
        self.at = fact.at
        self.seen = 0
        self.consumed: frozenset[str] = _NONE
        self._key: str | None = None
        self._reading = reading  # while it is at hand, it spares folding the text again

    @property
    def id(self) -> str:
        """The platform's id of the message."""
        return self.fact.message

    @property
    def author(self) -> str:
        """Who wrote it."""
        return self.fact.author

    @property
    def key(self) -> str:
        """What equal messages share; "" where there is nothing to compare. Worked out once."""
        key = self._key
        if key is None:
            reading = self._reading
            key = self._key = fingerprint(self.fact.text, self.fact.parts) if reading is None else reading.key
        return key

    def arrive(self, clock: int) -> None:
        """Note when it arrived, and let go of the reading."""
        self.seen = clock
        self._reading = None

    def scrub(self) -> None:
        """Let go of the text."""
        self.fact = attrs.evolve(self.fact, text="", parts=())
        self._key = self._reading = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Post) and (self.fact, self.seen, self.consumed) == (
            other.fact,
            other.seen,
            other.consumed,
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Post({self.id!r} by {self.author!r} at {self.at})"


class Windows:
    """The posts of one group that a window may still reach, and the clock of its stream.

    A post is forgotten once the clock has moved by the horizon since the post arrived. Remembering costs
    O(log n) in the posts of one member, forgetting O(1); both are independent of the size of the group.
    """

    __slots__ = ("_alike", "_by_author", "_last", "_recent", "_unindexed", "clock")

    def __init__(self) -> None:
        self.clock = 0  # the greatest `at` of the stream
        self._recent: deque[Post] = deque()  # in the order they arrived, so `seen` never falls
        self._by_author: dict[str, list[Post]] = {}  # each sorted by `at`
        self._alike: dict[str, list[Post]] | None = None  # by key; built when a policy first asks
        self._unindexed: deque[Post] = deque()
        self._last: Post | None = None  # the latest candidate: what was found is remembered next

    def is_late(self, at: int) -> bool:
        """Whether a fact of *at* would come too late to lead to anything."""
        return at < self.clock - LATENESS

    def candidate(self, fact: MessagePosted, reading: Reading | None = None) -> Post:
        """The post that *fact* is, not remembered yet. Asked again at once for the same fact, it is the same post."""
        last = self._last
        if last is not None and last.fact is fact:
            return last
        self._last = last = Post(fact, reading)
        return last

    def move(self, at: int, horizon: int) -> None:
        """Let the clock see a fact of *at*, and forget the posts that it has left behind by *horizon* microseconds."""
        if at > self.clock:
            self.clock = at
        recent, limit = self._recent, self.clock - horizon
        while recent and recent[0].seen <= limit:
            self._forget(recent.popleft())

    def remember(self, fact: MessagePosted, horizon: int) -> None:
        """Take *fact* in, once the clock has seen it."""
        at = fact.at
        self.move(at, horizon)
        if horizon <= 0:
            return
        post = self._last
        if post is None or post.fact is not fact:
            post = Post(fact)
        self._last = None
        post.arrive(self.clock)
        self._recent.append(post)
        mine = self._by_author.get(fact.author)
        if mine is None:
            self._by_author[fact.author] = [post]
        elif mine[-1].at <= at:
            mine.append(post)
        else:
            insort(mine, post, key=_at)
        if self._alike is not None:
            self._unindexed.append(post)

    def _forget(self, post: Post) -> None:
        mine = self._by_author[post.fact.author]
        if len(mine) == 1:
            del self._by_author[post.fact.author]
        elif mine[0] is post:  # as nearly always
            del mine[0]
        else:
            _drop(mine, post)
        if self._alike is not None:
            self._unlist(post)

    def _unlist(self, post: Post) -> None:
        if self._unindexed and self._unindexed[0] is post:
            self._unindexed.popleft()
            return
        assert self._alike is not None
        alike = self._alike.get(post.key)
        if alike is not None:
            _drop(alike, post)
            if not alike:
                del self._alike[post.key]

    def consume(self, rule: str, author: str, ids: Collection[str]) -> None:
        """Note that a finding of *rule* about *author* counted these messages: its count starts anew without them."""
        left = set(ids)
        for post in self._by_author.get(author, ()):
            if post.id in left:
                post.consumed |= {rule}
                left.discard(post.id)
        if left:  # a raid counted messages of others, too; raids are rare
            for post in self._recent:
                if post.id in left and post.author != author:
                    post.consumed |= {rule}

    def scrub(self, is_meant: Callable[[Post], bool]) -> None:
        """Let go of the text of these posts. They are counted as before, and compare with nothing."""
        self._last = None
        meant = [post for post in self._recent if is_meant(post)]
        if meant and self._alike is not None:
            self._index()
        for post in meant:
            if self._alike is not None:
                self._unlist(post)
            post.scrub()

    def mine(self, post: Post, window: int, rule: str, at_least: int = 1) -> list[Post]:
        """The author's earlier posts with ``at`` in ``(t - window, t]`` that no finding of *rule* consumed.

        It may be empty where they are fewer than *at_least*: that takes one look at the post which is so many back.
        """
        posts = self._by_author.get(post.fact.author)
        if posts is None or len(posts) < at_least or posts[-at_least].at <= post.at - window:
            return []
        return _within(posts, post.at, window, rule)

    def alike(self, post: Post, window: int, rule: str) -> list[Post]:
        """The earlier posts of anybody with the same key and ``at`` in the window, not consumed by *rule*."""
        posts = self._index().get(post.key)
        if posts is None:
            return []
        return _within(posts, post.at, window, rule)

    def _index(self) -> dict[str, list[Post]]:
        if self._alike is None:
            self._alike, self._unindexed = {}, deque(self._recent)
        for post in self._unindexed:
            key = post.key
            if key:
                insort(self._alike.setdefault(key, []), post, key=_at)
        self._unindexed.clear()
        return self._alike

    def to_mapping(self) -> dict[str, int]:
        """All but the posts as plain values; `of` is the way back, and `restore` brings each post."""
        return {"clock": self.clock}

    @classmethod
    def of(cls, mapping: Mapping[str, int]) -> Windows:
        """The windows that `to_mapping` wrote down, still without their posts."""
        made = cls()
        made.clock = mapping["clock"]
        return made

    def restore(self, post: Post) -> None:
        """Put a post back as it was; in the order of their arrival, and before anything is asked."""
        self._recent.append(post)
        insort(self._by_author.setdefault(post.fact.author, []), post, key=_at)

    def __iter__(self) -> Iterator[Post]:
        return iter(self._recent)

    def __len__(self) -> int:
        return len(self._recent)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Windows) and (self.clock, self._recent) == (other.clock, other._recent)

    __hash__ = None  # type: ignore[assignment]

    def check(self) -> None:
        """Assert the invariants: sorted by time, each post filed once, nothing older than its neighbours."""
        filed = [post for posts in self._by_author.values() for post in posts]
        assert sorted(map(id, filed)) == sorted(map(id, self._recent)), "each post is filed under its author once"
        for author, posts in self._by_author.items():
            assert posts, f"no empty list is kept for {author}"
            assert all(a.at <= b.at for a, b in pairwise(posts)), f"{author} is sorted by time"
        seen = [post.seen for post in self._recent]
        assert seen == sorted(seen), "posts lie in the order of their arrival"
        assert all(post.at <= post.seen <= self.clock for post in self._recent), "no post is ahead of the clock"
        if self._alike is not None:
            self._check_index(self._alike)

    def _check_index(self, alike: dict[str, list[Post]]) -> None:
        indexed = [post for posts in alike.values() for post in posts]
        waiting = {id(post) for post in self._unindexed}
        wanted = [post for post in self._recent if post.key and id(post) not in waiting]
        assert sorted(map(id, indexed)) == sorted(map(id, wanted)), "each post is filed under its key once"
        for key, posts in alike.items():
            assert posts, "no empty list is kept for a key"
            assert all(post.key == key for post in posts), "posts are filed under their key"
            assert all(a.at <= b.at for a, b in pairwise(posts)), "equal posts are sorted by time"


def _within(posts: list[Post], at: int, window: int, rule: str) -> list[Post]:
    first = bisect_right(posts, at - window, key=_at)
    if posts[-1].at <= at:
        return [post for post in posts[first:] if rule not in post.consumed]
    last = bisect_right(posts, at, key=_at)
    return [post for post in posts[first:last] if rule not in post.consumed]


def _drop(posts: list[Post], post: Post) -> None:
    """Take *post* itself out of *posts*; it is nearly always the first."""
    for index, other in enumerate(posts):
        if other is post:
            del posts[index]
            return
