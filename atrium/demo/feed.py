"""Posts and comments of the demonstration company: first the plan in numbers, then the texts, one thread at a time."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from uuid import UUID

from atrium.demo.ids import from_ms, seeded_uuid7, stream
from atrium.demo.places import places_of
from atrium.demo.records import Comment, Person, Post, Thread
from atrium.demo.texts import Writer, write_comment, write_post, write_reply
from atrium.demo.units import UnitPlan

MINUTE = 60_000  # milliseconds, as all lengths here
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_LAST_POST = 10 * MINUTE  # before the end, so that its comments have room
_WEEK = (1.0, 1.15, 1.1, 1.05, 0.85, 0.12, 0.08)  # posts by day, from Monday
_AROUND_THE_CLOCK = frozenset({"operations", "service", "field", "making", "care"})
_COMPANY = -1  # in place of a unit: the company's audience


@dataclass(frozen=True, slots=True)
class Roster:
    """People by seat and units in preorder: the people of a unit and all below it stand in one row of seats."""

    people: tuple[Person, ...]
    plans: list[UnitPlan]
    unit_ids: list[UUID]
    unit_of: list[int]  # by seat


class Feed:
    """All threads between two moments (`start`, `end` in ms, whole days); each walk gives the same."""

    def __init__(self, roster: Roster, seed: int, start: int, end: int, *, posts: int, comments: int) -> None:
        rng = stream(seed, "feed")
        self._roster, self._seed, self._start, self._end = roster, seed, start, end
        weights = [_activity(rng, person, start) for person in roster.people]
        self._activity = [0.0, *accumulate(weights)]  # of the seats before one
        self._active = [0, *accumulate(1 if weight else 0 for weight in weights)]
        self._company_share = min(0.35, 0.05 + 80 / len(roster.people))
        self._places = places_of(len(weights))
        self._days = list(accumulate(_WEEK[(day // DAY + 3) % 7] for day in range(start, end, DAY)))
        self._plan(rng, posts, comments)

    def threads(self) -> Iterator[Thread]:
        """Every post with its comments, in the order the posts were published."""
        texts = stream(self._seed, "comments")
        for index, post in enumerate(self.posts()):
            yield Thread(post, tuple(self._comments(texts, index, post)))

    def posts(self) -> Iterator[Post]:
        """The posts alone, the same as in the threads."""
        texts = stream(self._seed, "posts")
        return (self._post(texts, index) for index in range(len(self._moments)))

    def _plan(self, rng: Random, posts: int, comments: int) -> None:
        """Who posts when to whom, and how many comments follow: numbers only, 32 bytes a post."""
        rows = sorted(self._draw(rng) for _ in range(posts))
        self._moments = array("q", (moment for moment, _, _ in rows))
        self._authors = array("l", (author for _, author, _ in rows))
        self._units = array("l", (unit for _, _, unit in rows))
        self._counts = array("l", _split(comments, [self._popularity(rng, unit) for _, _, unit in rows]))

    def _draw(self, rng: Random) -> tuple[int, int, int]:
        author = self._someone(rng, 0, len(self._roster.people))
        return self._moment(rng, self._roster.people[author]), author, self._audience(rng, author)

    def _moment(self, rng: Random, author: Person) -> int:
        """Within the working hours of their place and the weekdays, or at any hour for those who work in shifts."""
        shift = author.kind in _AROUND_THE_CLOCK and rng.random() < 0.25
        count = len(self._days)
        day = rng.randrange(count) if shift else bisect_right(self._days, rng.random() * self._days[-1], hi=count - 1)
        hour = rng.uniform(0, 24) if shift else rng.gauss(10.2, 1.3) if rng.random() < 0.6 else rng.gauss(14.6, 1.6)
        moment = self._start + day * DAY + int((hour - author.place.utc_offset) * HOUR)
        if moment < self._start:
            moment += DAY
        return moment if moment < self._end - _LAST_POST else max(moment - DAY, self._start)

    def _audience(self, rng: Random, author: int) -> int:
        """The company, or one of the author's unit and those above, mostly a near one; none of under three people."""
        if rng.random() < self._company_share:
            return _COMPANY
        path: list[int] = []
        unit: int | None = self._roster.unit_of[author]
        while unit is not None and self._roster.plans[unit].parent is not None:
            if self._size(unit) >= 3:
                path.append(unit)
            unit = self._roster.plans[unit].parent
        return path[min(int(rng.expovariate(0.9)), len(path) - 1)] if path else _COMPANY

    def _popularity(self, rng: Random, unit: int) -> float:
        """How many comments a post draws, in proportion: nearly all few, some very many; none where nobody reads."""
        first, end = self._row(unit)
        readers = self._active[end] - self._active[first]
        return 0.0 if readers < 2 else min(rng.paretovariate(1.1) - 0.9, 400, 1 + 0.15 * readers)

    def _post(self, rng: Random, index: int) -> Post:
        moment, author, unit = self._moments[index], self._authors[index], self._units[index]
        person = self._roster.people[author]
        draft = write_post(rng, self._writer(rng, author), person.language, may_announce=person.is_head)
        return Post(
            id=seeded_uuid7(rng, moment),
            kind=draft.kind,
            title=draft.title,
            body=draft.body,
            language=draft.language,
            tags=draft.tags,
            author_id=person.id,
            unit_id=None if unit == _COMPANY else self._roster.unit_ids[unit],
            published_at=from_ms(moment),
        )

    def _comments(self, rng: Random, index: int, post: Post) -> Iterator[Comment]:
        author, row = self._authors[index], self._row(self._units[index])
        heard: list[Comment] = []  # those that may be replied to
        said, spoke = set[str](), set[int]()
        for moment in self._delays(rng, index):
            parent = rng.choice(heard) if heard and rng.random() < 0.28 else None
            answers = parent is not None and rng.random() < 0.4
            writer = author if answers else self._reader(rng, row, author)
            if writer in spoke:  # others first, so that a small team's threads are not one person's
                writer = author if answers else self._reader(rng, row, author)
            if parent and parent.author_id == self._roster.people[writer].id:
                parent = None  # nobody replies to themselves
            comment = self._comment(rng, post, writer, parent, moment, by_author=answers)
            for _ in range(2):  # short threads do not repeat themselves
                if comment.body in said:
                    comment = self._comment(rng, post, writer, parent, moment, by_author=answers)
            said.add(comment.body)
            spoke.add(writer)
            if parent is None:
                heard.append(comment)
            yield comment

    def _comment(
        self, rng: Random, post: Post, seat: int, parent: Comment | None, moment: int, *, by_author: bool
    ) -> Comment:
        person, writer = self._roster.people[seat], self._writer(rng, seat)
        language = post.language if post.language == person.language or rng.random() < 0.5 else "en"
        if parent is None:
            body = write_comment(rng, writer, post.kind, post.tags, language)
        else:
            body = write_reply(rng, writer, language, by_author=by_author)
        key, parent_id = seeded_uuid7(rng, moment), parent.id if parent else None
        return Comment(key, post.id, parent_id, body, person.id, from_ms(moment))

    def _delays(self, rng: Random, index: int) -> list[int]:
        """The moments of a post's comments in order: mostly within hours, rarely at night, all before the end."""
        published = self._moments[index]
        offset = int(self._roster.people[self._authors[index]].place.utc_offset * HOUR)
        moments: list[int] = []
        for _ in range(self._counts[index]):
            moment = published + MINUTE + int(rng.lognormvariate(4.2, 1.6) * MINUTE)
            if (moment + offset) % DAY < 6 * HOUR:
                moment += 7 * HOUR
            if moment >= self._end:
                moment = published + MINUTE + int(rng.random() * (self._end - published - MINUTE))
            moments.append(moment)
        return sorted(moments)

    def _writer(self, rng: Random, seat: int) -> Writer:
        """The writer, with someone near them to name and another city."""
        people, unit = self._roster.people, self._roster.unit_of[seat]
        if self._size(unit) < 4:
            unit = self._roster.plans[unit].parent or 0
        first, end = self._row(unit)
        own, near = people[seat], first + int(rng.random() * (end - first))
        if near == seat:
            near = end - 1 if seat < end - 1 else first
        far = own.place
        while far is own.place:
            far = self._places[int(rng.random() * len(self._places))]
        return Writer(own.kind, own.place.city, far.city, people[near].name)

    def _reader(self, rng: Random, row: tuple[int, int], author: int) -> int:
        """Someone active in that row of seats other than the author; there is one, as `_popularity` sees to it."""
        for _ in range(4):
            seat = self._someone(rng, *row)
            if seat != author:
                return seat
        # The author nearly has the row to themselves: the next active one after them, around the end.
        first, end = row
        others = (*range(author + 1, end), *range(first, min(author, end)))
        return next(seat for seat in others if self._active[seat + 1] > self._active[seat])

    def _someone(self, rng: Random, first: int, end: int) -> int:
        """A seat from `first` up to `end`, drawn by activity; at least one must be active."""
        low, high = self._activity[first], self._activity[end]
        return bisect_right(self._activity, low + rng.random() * (high - low), first, end) - 1

    def _row(self, unit: int) -> tuple[int, int]:
        if unit == _COMPANY:
            return 0, len(self._roster.people)
        return self._roster.plans[unit].first, self._roster.plans[unit].end

    def _size(self, unit: int) -> int:
        return self._roster.plans[unit].end - self._roster.plans[unit].first


def _activity(rng: Random, person: Person, start: int) -> float:
    """How much of the talk is theirs: a power law; nothing for those who were not there yet at the start."""
    weight = min(rng.paretovariate(1.1), 50) * (1.6 if person.is_head else 1)
    return weight if person.created_at < from_ms(start) else 0.0


def _split(total: int, weights: list[float]) -> Iterator[int]:
    """Splits a whole number by weights, exactly, by rounding the running sum; zeros if all weights are zero."""
    sums, done = list(accumulate(weights)), 0
    whole = sums[-1] if sums and sums[-1] else 1.0
    for running in sums:
        reached = round(total * running / whole)
        yield reached - done
        done = reached
