"""What a thread leaves in the tables: itself, and who reacted, voted, saw, kept, was named and has acknowledged it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from atrium.demo.accounts import EMAILS
from atrium.demo.circles import Circle
from atrium.demo.fates import draw_fate, taken_back
from atrium.demo.ids import HOUR, MINUTE, from_ms, seeded_uuid7, stream, to_ms
from atrium.demo.records import Comment, Fate, Thread
from atrium.demo.roster import Roster
from execution.ids import decode_id
from models.audiences import COMPANY as COMPANY_KEY
from models.feed import PostKind, PostStatus
from models.polls import PollResults

Row = tuple[object, ...]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "post": (
        *("id", "author_id", "audience_id", "kind", "status", "title", "body", "version", "created_at"),
        *("published_at", "edited_at", "written_by", "shared_id", "praise_value", "comments_closed", "pinned_at"),
        *("scheduled_at", "returned"),
    ),
    "comment": (
        *("id", "post_id", "reply_to_id", "author_id", "audience_id", "body", "removed", "kept", "version"),
        "created_at",
    ),
    "revision": ("id", "subject_id", "version", "title", "body", "written_at", "replaced_by", "replaced_at"),
    "post_tag": ("post_id", "tag_id", "audience_id", "published_at", "given"),
    "mention": ("subject_id", "post_id", "person_id", "told", "created_at"),
    "praised_person": ("post_id", "person_id"),
    "poll": ("id", "is_multiple", "results", "closes_at"),
    "poll_option": ("id", "poll_id", "place", "text"),
    "poll_vote": ("poll_id", "option_id", "person_id"),
    "must_read": ("id", "due_at", "round", "required_by", "required_at"),
    "acknowledgement": ("id", "post_id", "person_id", "round", "acknowledged_at"),
    "reaction": ("subject_id", "person_id", "emoji", "created_at"),
    "seen": ("post_id", "person_id", "seen_at"),
    "bookmark": ("id", "person_id", "post_id", "created_at"),
}
"""The tables in the order in which they are filled, with the columns of their rows."""

EMOJI = (
    *("👍", "❤️", "🎉", "😂", "👏", "🙏", "💡", "👀", "🔥", "🚀", "😮", "💪", "😊"),
    *("✅", "🙌", "🤔", "😍", "💯", "👌", "🥳", "😢", "⭐", "🌱", "☕", "🏆"),
)
"""The commonest first."""
_SKEW = 0.55  # how much fewer the next emoji are
_OWN_WAY = {"praise": 4, "idea": 6, "question": 5}  # where the common emoji begin, half of the time
_ON_POST = 0.65  # of the reactions to a thread
_SEEN, _SEEN_MAX = 0.4, 60  # of those who may, at most so many beside those who reacted
_SEEN_ALL = 2_000_000  # of all posts, about
_KEEPS = 0.006  # who sees a post and puts it aside
_VOTES, _VOTES_MAX = (0.1, 0.6), 150  # of those who may vote
_ACKNOWLEDGE = (0.5, 0.95)  # of those who must
_UNREAD = 20 * HOUR  # what is younger the four accounts have not seen
_MENTION = re.compile(r"@\[([A-Za-z0-9_-]{23,120})\]")
_HASHTAG = re.compile(r"(?<!\S)#([a-z][a-z-]*[a-z])")


def draw_emoji(rng: Random, kind: str) -> str:
    """How somebody reacts to a post of that kind: mostly by one of a few."""
    first = _OWN_WAY.get(kind, 0) if rng.random() < 0.5 else 0
    return EMOJI[(first + int(rng.expovariate(_SKEW))) % len(EMOJI)]


class Echoes:
    """The rows of threads, one thread after the other: the same threads in the same order give the same rows."""

    def __init__(self, roster: Roster, seed: int, tags: Mapping[str, UUID], *, posts: int) -> None:
        self._rng = stream(seed, "echoes")
        self._roster, self._tags = roster, tags
        self._seen_max = max(2, min(_SEEN_MAX, _SEEN_ALL // max(1, posts)))
        self._cast = [seat for seat, person in enumerate(roster.people) if person.email in EMAILS]

    def rows(self, thread: Thread) -> Iterator[tuple[str, Row]]:
        """The rows of a thread with the names of their tables, and of `answer`: a question and its accepted comment."""
        yield from _Echo(self._roster, self._rng, self._tags, self._seen_max, self._cast, thread).rows()


class _Echo:
    """The rows of one thread."""

    def __init__(
        self,
        roster: Roster,
        rng: Random,
        tags: Mapping[str, UUID],
        seen_max: int,
        cast: Sequence[int],
        thread: Thread,
    ) -> None:
        post = thread.post
        self._roster, self._rng, self._tags, self._thread, self._cast = roster, rng, tags, thread, cast
        self._circle: Circle = roster.circles[roster.numbers[post.unit_id or post.group_id]]
        self._author = roster.seats[post.author_id]
        self._audience = post.unit_id or post.group_id or COMPANY_KEY
        self._published = to_ms(post.published_at)
        self._seen_max = seen_max
        leads = roster.speaks_for(self._author, self._circle)
        self._fate: Fate = thread.fate or draw_fate(rng, thread, self._circle, leads=leads)

    def rows(self) -> Iterator[tuple[str, Row]]:
        post, comments = self._thread.post, self._thread.comments
        yield "post", self._post()
        if self._fate.removed:
            yield from (("comment", self._comment(comment, removed=True)) for comment in comments)
            return
        gone = taken_back(self._rng, self._fate, comments)
        answered = {comment.parent_id for place, comment in enumerate(comments) if place not in gone}
        for place, comment in enumerate(comments):
            removed = place in gone
            yield "comment", self._comment(comment, removed=removed, kept=removed and comment.id in answered)
        said = [comment for place, comment in enumerate(comments) if place not in gone]
        if self._fate.accepted:
            yield "answer", (post.id, self._fate.accepted)
        yield from self._revision()
        yield from self._named(said)
        yield from (("post_tag", row) for row in self._tagged())
        yield from (("praised_person", (post.id, person)) for person in post.praised)
        yield from self._poll()
        readers = {self._author, *(self._roster.seats[comment.author_id] for comment in said)}
        yield from self._must_read(readers)
        yield from self._reactions(said, readers)
        yield from self._readers(readers)

    def _post(self) -> Row:
        post, fate = self._thread.post, self._fate
        removed, edited = fate.removed, fate.edited
        return (
            *(post.id, post.author_id, self._audience, PostKind(post.kind.upper()).value),
            (PostStatus.REMOVED if removed else PostStatus.PUBLISHED).value,
            *(None if removed else post.title, "" if removed else post.body),
            *(2 if edited else 1, post.published_at, post.published_at, self._edited_at if edited else None),
            *(fate.written_by, post.shared_id, None if removed else post.value, fate.closed),
            *(self._later(HOUR) if fate.pinned else None, None, None),
        )

    def _comment(self, comment: Comment, *, removed: bool, kept: bool = False) -> Row:
        named = (comment.id, comment.post_id, comment.parent_id, comment.author_id, self._audience)
        return (*named, "" if removed else comment.body, removed, kept, 1, comment.created_at)

    @property
    def _edited_at(self) -> datetime:
        return self._later(7 * MINUTE)

    def _later(self, ms: int) -> datetime:
        return from_ms(min(self._published + ms, self._circle.closed - 1))

    def _revision(self) -> Iterator[tuple[str, Row]]:
        """Of an edited post: it had one paragraph less."""
        post = self._thread.post
        if self._fate.edited:
            before, _, _ = post.body.rpartition("\n\n")
            key = seeded_uuid7(self._rng, to_ms(self._edited_at))
            row = (key, post.id, 1, post.title, before, post.published_at, post.author_id, self._edited_at)
            yield "revision", row

    def _named(self, comments: Sequence[Comment]) -> Iterator[tuple[str, Row]]:
        post = self._thread.post
        texts = [(post.id, post.body, post.published_at), *((c.id, c.body, c.created_at) for c in comments)]
        for subject, body, at in texts:
            for id in dict.fromkeys(_MENTION.findall(body) if "@[" in body else ()):
                yield "mention", (subject, post.id, decode_id(id)[1], True, at)

    def _tagged(self) -> Iterator[Row]:
        """The tags that its author gave it, and those of the text alone."""
        post = self._thread.post
        for name in dict.fromkeys((*post.tags, *(_HASHTAG.findall(post.body) if "#" in post.body else ()))):
            if name in self._tags:
                yield (post.id, self._tags[name], self._audience, post.published_at, name in post.tags)

    def _poll(self) -> Iterator[tuple[str, Row]]:
        post, rng = self._thread.post, self._rng
        if not post.options:
            return
        closes = None if self._fate.lasts is None else post.published_at + timedelta(hours=self._fate.lasts)
        yield "poll", (post.id, self._fate.multiple, rng.choice(tuple(PollResults)).value, closes)
        options = [seeded_uuid7(rng, self._published) for _ in post.options]
        yield from (("poll_option", (key, post.id, place, post.options[place])) for place, key in enumerate(options))
        most = min(_VOTES_MAX, round(len(self._circle) * rng.uniform(*_VOTES)))
        liking = [rng.random() + 0.1 for _ in options]
        for seat in self._circle.some(rng, most, self._published + HOUR):
            chosen = {rng.choices(options, liking)[0] for _ in range(2 if self._fate.multiple else 1)}
            person = self._roster.people[seat].id
            yield from (("poll_vote", (post.id, key, person)) for key in sorted(chosen))

    def _must_read(self, readers: set[int]) -> Iterator[tuple[str, Row]]:
        post, rng = self._thread.post, self._rng
        if self._fate.due is None:
            return
        due_at = post.published_at + timedelta(days=self._fate.due)
        yield "must_read", (post.id, due_at, 1, post.author_id, self._later(5 * MINUTE))
        most = round(len(self._circle) * rng.uniform(*_ACKNOWLEDGE))
        for seat in self._circle.some(rng, most, self._published):
            at = self._within(rng.lognormvariate(5, 1.5) * MINUTE + 6 * MINUTE)
            if seat != self._author and at is not None and not self._leaves_open(seat):
                readers.add(seat)
                yield "acknowledgement", (seeded_uuid7(rng, to_ms(at)), post.id, self._roster.people[seat].id, 1, at)

    def _leaves_open(self, seat: int) -> bool:
        """What the whole company must read is left to the four accounts to acknowledge."""
        return seat in self._cast and self._audience == COMPANY_KEY

    def _reactions(self, comments: Sequence[Comment], readers: set[int]) -> Iterator[tuple[str, Row]]:
        post, rng = self._thread.post, self._rng
        subjects = [(post.id, self._published), *((c.id, to_ms(c.created_at)) for c in comments)]
        counts = [0] * len(subjects)
        for _ in range(self._thread.applause):
            on_post = len(subjects) == 1 or rng.random() < _ON_POST
            counts[0 if on_post else min(1 + int(rng.expovariate(0.6)), len(subjects) - 1)] += 1
        for (subject, since), count in zip(subjects, counts, strict=True):
            for seat in self._circle.some(rng, count, since) if count else ():
                at = self._soon(since)
                if self._roster.people[seat].unit_id is not None:
                    readers.add(seat)
                    yield "reaction", (subject, self._roster.people[seat].id, draw_emoji(rng, post.kind), at)

    def _soon(self, since: int) -> datetime:
        """Some time after a moment, before the end of its time."""
        at = since + int(self._rng.lognormvariate(4.5, 1.6) * MINUTE)
        return from_ms(at if at < self._circle.closed else self._rng.randrange(since, self._circle.closed))

    def _within(self, ms: float) -> datetime | None:
        """So long after the post; None where that is after the end of its time."""
        at = self._published + int(ms)
        return from_ms(at) if at < self._circle.closed else None

    def _readers(self, readers: set[int]) -> Iterator[tuple[str, Row]]:
        """Who saw it: who did something with it, some more, and the four accounts unless it is new."""
        post, rng = self._thread.post, self._rng
        others = min(self._seen_max, round(len(self._circle) * _SEEN * rng.random()))
        readers.update(seat for seat in self._circle.some(rng, others, self._published) if seat not in self._cast)
        if self._published < self._roster.span.end - _UNREAD:
            readers.update(seat for seat in self._cast if self._circle.has(seat, self._published))
        readers.discard(self._author)
        for seat in sorted(readers):
            at = self._within(min(rng.lognormvariate(4, 1.5), 20 * 60) * MINUTE) or from_ms(self._circle.closed - 1)
            person = self._roster.people[seat].id
            yield "seen", (post.id, person, at)
            if rng.random() < (_KEEPS if seat not in self._cast else 4 * _KEEPS):
                yield "bookmark", (seeded_uuid7(rng, to_ms(at)), person, post.id, at)
