"""Posts and comments of the demonstration company: first the plan in numbers, then the texts, one thread at a time."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random

from atrium.demo.circles import Circle
from atrium.demo.hours import Hours
from atrium.demo.ids import DAY, HOUR, MINUTE, from_ms, seeded_uuid7, stream
from atrium.demo.places import places_of
from atrium.demo.records import Comment, Person, Post, Thread
from atrium.demo.roster import COMPANY, Roster
from atrium.demo.texts import Draft, Writer, write_comment, write_post, write_reply, write_share
from execution.ids import encode_id

_LAST_POST = 10 * MINUTE  # before the end, so that its comments have room
_TO_GROUPS = 0.5  # of the posts of those who are in groups, the company's left out
_SHARED, _SHARABLE = 0.02, 20  # of the posts pass on another one, out of so many latest ones of the company
_MENTIONING = 0.4  # of the texts with a name in them
_POSTS_TRIES = 20


class Feed:
    """All threads of the span of a roster; each walk gives the same."""

    def __init__(self, roster: Roster, seed: int, *, posts: int, comments: int, reactions: int) -> None:
        rng = stream(seed, "feed")
        self._roster, self._seed = roster, seed
        self._start, self._end = roster.span.start, roster.span.end
        self._hours = Hours(self._start, self._end)
        self._company_share = min(0.35, 0.05 + 80 / len(roster.people))
        self._places = places_of(len(roster.people) - 1)
        self._plan(rng, posts, comments, reactions)

    def threads(self) -> Iterator[Thread]:
        """Every post with its comments, in the order the posts were published."""
        texts = stream(self._seed, "comments")
        for index, post in enumerate(self.posts()):
            yield Thread(post, tuple(self._comments(texts, index, post)), self._applause[index])

    def posts(self) -> Iterator[Post]:
        """The posts alone, the same as in the threads."""
        texts, company = stream(self._seed, "posts"), deque[Post](maxlen=_SHARABLE)
        for index in range(len(self._moments)):
            post = self._post(texts, index, company)
            if post.unit_id is post.group_id is post.shared_id is None:
                company.append(post)
            yield post

    def _plan(self, rng: Random, posts: int, comments: int, reactions: int) -> None:
        """Who posts when to whom, and how many comments and reactions follow: numbers only, 40 bytes a post."""
        rows = sorted(self._draw(rng) for _ in range(posts))
        self._moments = array("q", (moment for moment, _, _ in rows))
        self._authors = array("l", (author for _, author, _ in rows))
        self._circles = array("l", (circle for _, _, circle in rows))
        weights = [self._popularity(rng, self._roster.circles[circle]) for _, _, circle in rows]
        self._counts = array("l", split(comments, weights))
        self._applause = self._reactions(rng, reactions, weights)

    def _reactions(self, rng: Random, total: int, weights: Sequence[float]) -> array[int]:
        """How many reactions each thread draws: more where more is said, but not more than there are people for."""
        wanted = split(total, [rng.lognormvariate(0, 0.8) * (weight + 0.3) for weight in weights])
        most = [len(self._roster.circles[c]) * (2 + n) // 3 for c, n in zip(self._circles, self._counts, strict=True)]
        drawn = array("l", map(min, wanted, most))
        room = [max(0, limit - count) for limit, count in zip(most, drawn, strict=True)]
        more = split(min(total - sum(drawn), sum(room)), room)
        return array("l", map(sum, zip(drawn, more, strict=True)))

    def _draw(self, rng: Random) -> tuple[int, int, int]:
        company = self._roster.circles[COMPANY]
        author, moment = 0, self._start
        for _ in range(_POSTS_TRIES):
            author = company.someone(rng, self._end)
            moment = self._hours.moment(rng, self._roster.people[author])
            if company.has(author, moment):
                return moment, author, self._audience(rng, author, moment)
        return moment, 0, COMPANY  # the first of the company has always been there

    def _audience(self, rng: Random, author: int, moment: int) -> int:
        """The company, a group of the author's, or their unit or one above it, mostly a near one."""
        if rng.random() < self._company_share:
            return COMPANY
        groups = self._roster.groups_of(author, moment, moment + _LAST_POST)
        if groups and rng.random() < _TO_GROUPS:
            return rng.choice(groups)
        path = self._roster.units_of(author)
        return path[min(int(rng.expovariate(0.9)), len(path) - 1)] if path else COMPANY

    def _popularity(self, rng: Random, circle: Circle) -> float:
        """How many comments a post draws, in proportion: nearly all few, some very many; none where nobody reads."""
        readers = circle.readers
        return 0.0 if readers < 2 else min(rng.paretovariate(1.1) - 0.9, 400, 1 + 0.15 * readers)

    def _post(self, rng: Random, index: int, company: Sequence[Post]) -> Post:
        moment, author, number = self._moments[index], self._authors[index], self._circles[index]
        person, circle = self._roster.people[author], self._roster.circles[number]
        colleague = self._colleague(rng, author, circle, moment)
        writer = self._writer(rng, author, colleague, circle, moment)
        shared = rng.choice(company) if company and number != COMPANY and rng.random() < _SHARED else None
        if shared:
            body = write_share(rng, writer, person.language)
            draft = Draft("discussion", None, body, person.language, shared.tags[:1])
        else:
            announces = self._roster.speaks_for(author, circle)
            draft = write_post(rng, writer, person.language, may_announce=announces, subjects=circle.subjects)
        is_praise = draft.kind == "praise" and colleague != author
        official = ("official",) if draft.kind == "announcement" and person.roles else ()
        return Post(
            id=seeded_uuid7(rng, moment),
            kind=draft.kind,
            title=draft.title,
            body=draft.body,
            language=draft.language,
            tags=draft.tags + official,
            author_id=person.id,
            unit_id=circle.unit_id,
            published_at=from_ms(moment),
            group_id=circle.group_id,
            options=draft.options,
            praised=(self._roster.people[colleague].id,) if is_praise else (),
            value=draft.value if is_praise else None,
            shared_id=shared.id if shared else None,
        )

    def _comments(self, rng: Random, index: int, post: Post) -> Iterator[Comment]:
        author, circle = self._authors[index], self._roster.circles[self._circles[index]]
        heard: list[Comment] = []  # those that may be replied to
        said, spoke = set[str](), set[int]()
        for moment in self._delays(rng, index, circle):
            parent = rng.choice(heard) if heard and rng.random() < 0.28 else None
            answers = parent is not None and rng.random() < 0.4
            writer = author if answers else circle.someone(rng, moment, but=author)
            if writer in spoke:  # others first, so that a small team's threads are not one person's
                writer = author if answers else circle.someone(rng, moment, but=author)
            if parent and parent.author_id == self._roster.people[writer].id:
                parent = None  # nobody replies to themselves
            comment = self._comment(rng, post, circle, writer, parent, moment, by_author=answers)
            for _ in range(2):  # short threads do not repeat themselves
                if comment.body in said:
                    comment = self._comment(rng, post, circle, writer, parent, moment, by_author=answers)
            said.add(comment.body)
            spoke.add(writer)
            if parent is None:
                heard.append(comment)
            yield comment

    def _comment(
        self,
        rng: Random,
        post: Post,
        circle: Circle,
        seat: int,
        parent: Comment | None,
        moment: int,
        *,
        by_author: bool,
    ) -> Comment:
        person = self._roster.people[seat]
        writer = self._writer(rng, seat, self._colleague(rng, seat, circle, moment), circle, moment)
        language = post.language if post.language == person.language or rng.random() < 0.5 else "en"
        if parent is None:
            body = write_comment(rng, writer, post.kind, post.tags, language, circle.subjects)
        else:
            body = write_reply(rng, writer, language, by_author=by_author)
        key, parent_id = seeded_uuid7(rng, moment), parent.id if parent else None
        return Comment(key, post.id, parent_id, body, person.id, from_ms(moment))

    def _delays(self, rng: Random, index: int, circle: Circle) -> list[int]:
        """The moments of a post's comments in order: mostly within hours, rarely at night, all before the end."""
        published, end = self._moments[index], circle.closed
        offset = int(self._roster.people[self._authors[index]].place.utc_offset * HOUR)
        moments: list[int] = []
        for _ in range(self._counts[index]):
            moment = published + MINUTE + int(rng.lognormvariate(4.2, 1.6) * MINUTE)
            if (moment + offset) % DAY < 6 * HOUR:
                moment += 7 * HOUR
            if moment >= end:
                moment = published + MINUTE + int(rng.random() * (end - published - MINUTE))
            moments.append(moment)
        return sorted(moments)

    def _colleague(self, rng: Random, seat: int, circle: Circle, moment: int) -> int:
        """Someone to name: from the group, or near the writer in the chart."""
        if circle.group_id and circle.readers > 1:
            return circle.someone(rng, moment, but=seat)
        return self._roster.neighbour(rng, seat)

    def _writer(self, rng: Random, seat: int, colleague: int, circle: Circle, moment: int) -> Writer:
        """The writer, with whom they name, as a mention where that person reads it, and another city."""
        own, named = self._roster.people[seat], self._roster.people[colleague]
        far = own.place
        while far is own.place:
            far = self._places[int(rng.random() * len(self._places))]
        mentioned = rng.random() < _MENTIONING and colleague != seat and circle.has(colleague, moment)
        return Writer(own.kind, own.place.city, far.city, mention(named) if mentioned else named.name)


def mention(person: Person) -> str:
    """Somebody's name as a text holds it."""
    return f"@[{encode_id('Person', person.id)}]"


def split(total: int, weights: Sequence[float]) -> Iterator[int]:
    """Splits a whole number by weights, exactly, by rounding the running sum; zeros if all weights are zero."""
    sums, done = list(accumulate(weights)), 0
    whole = sums[-1] if sums and sums[-1] else 1.0
    for running in sums:
        reached = round(total * running / whole)
        yield reached - done
        done = reached
