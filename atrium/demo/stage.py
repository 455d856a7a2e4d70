"""The scenes in a company: who plays which part there, and when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from uuid import UUID

from atrium.demo.accounts import ADMIN, GUEST, HEAD, MEMBER
from atrium.demo.circles import Circle
from atrium.demo.feed import mention
from atrium.demo.groups import GroupPlan
from atrium.demo.ids import DAY, HOUR, MINUTE, from_ms, seeded_uuid7, stream, to_ms
from atrium.demo.records import Comment, Fate, Post, Thread
from atrium.demo.roster import COMPANY, Roster
from atrium.demo.scenes import DELEGATES, KEPT, NOTES, SCENES, Note, Scene
from models.audiences import COMPANY as COMPANY_KEY

_FULL = 30  # days of talk in which scenes stand where they say; in fewer they stand closer
_PAUSE = 43 * MINUTE  # between two comments
_MORNING = 7 * HOUR


class Stage:
    """The threads and notes of the scenes, the same at each call."""

    def __init__(self, roster: Roster, seed: int, groups: Sequence[GroupPlan], units: int) -> None:
        """`units` is how many circles stand before those of groups, the company's left out."""
        self._roster, self._rng = roster, stream(seed, "scenes")
        named = {person.email: seat for seat, person in enumerate(roster.people)}
        self.parts = self._cast(named)
        places = {plan.purpose: 1 + units + place for place, plan in enumerate(groups) if plan.purpose}
        unit = roster.numbers[roster.people[self.parts["head"]].unit_id]
        self._where: Mapping[str, int] = {"company": COMPANY, "unit": unit, **places}
        self.threads: tuple[Thread, ...] = tuple(self._thread(scene) for scene in SCENES if scene.where in self._where)

    def notes(self) -> Iterator[tuple[object, ...]]:
        """What is not published, as rows: key, author, audience, kind, status, title, body, made, due and returned."""
        for note in NOTES:
            if note.where in self._where:
                yield self._note(note)

    def announced(self) -> Iterator[tuple[UUID, str]]:
        """The posts that announce surveys, with the purpose of each."""
        scenes = (scene for scene in SCENES if scene.where in self._where)
        for scene, thread in zip(scenes, self.threads, strict=True):
            if scene.survey:
                yield thread.post.id, scene.survey

    def kept(self) -> Iterator[tuple[UUID, UUID, UUID]]:
        """Who has put which scene aside: key, person and post."""
        for part, places in KEPT.items():
            for place in places:
                if place < len(self.threads):
                    post = self.threads[place].post
                    key = seeded_uuid7(self._rng, to_ms(post.published_at))
                    yield key, self._roster.people[self.parts[part]].id, post.id

    def delegates(self) -> Iterator[tuple[UUID, UUID]]:
        """Whose name somebody may write in, and who may."""
        people = self._roster.people
        for person, other in DELEGATES:
            if self.parts[person] != self.parts[other]:
                yield people[self.parts[person]].id, people[self.parts[other]].id

    def _cast(self, named: Mapping[str, int]) -> dict[str, int]:
        admin, head, member, guest = (named[a.email] for a in (ADMIN, HEAD, MEMBER, GUEST))
        people = self._roster.people
        team = [
            seat
            for seat, person in enumerate(people)
            if person.unit_id == people[member].unit_id and seat not in (head, member)
        ]
        lead = next((seat for seat in team if people[seat].id == people[member].manager_id), head)
        mate = next((seat for seat in team if seat != lead), lead)
        return {"admin": admin, "head": head, "member": member, "guest": guest, "first": 0, "mate": mate, "lead": lead}

    def _thread(self, scene: Scene) -> Thread:
        circle = self._roster.circles[self._where[scene.where]]
        published = self._moment(scene.ago, circle)
        people = self._roster.people
        post = Post(
            id=seeded_uuid7(self._rng, published),
            kind=scene.kind,
            title=scene.title,
            body=self._said(scene.body),
            language="en",
            tags=scene.tags,
            author_id=people[self._player(scene.author, circle, published)].id,
            unit_id=circle.unit_id,
            published_at=from_ms(published),
            group_id=circle.group_id,
            options=scene.options,
            praised=(people[self.parts[scene.praised]].id,) if scene.praised else (),
            value=scene.value,
        )
        comments, accepted = self._comments(scene, post, circle)
        writer = people[self.parts[scene.written_by]].id if scene.written_by else None
        fate = Fate(pinned=scene.pinned, accepted=accepted, due=scene.due, lasts=scene.lasts, written_by=writer)
        return Thread(post, comments, scene.applause, fate)

    def _comments(self, scene: Scene, post: Post, circle: Circle) -> tuple[tuple[Comment, ...], UUID | None]:
        """The comments, and which of them is the answer."""
        published, made = to_ms(post.published_at), list[Comment]()
        step = min(_PAUSE, (circle.closed - published) // (len(scene.comments) + 1))
        accepted: UUID | None = None
        for place, (part, text) in enumerate(scene.comments, 1):
            moment = published + place * step
            parent = next((c.id for c in reversed(made) if c.parent_id is None), None) if text[0] == ">" else None
            key = seeded_uuid7(self._rng, moment)
            accepted = key if text[0] == "!" else accepted
            author = self._roster.people[self._player(part, circle, moment)].id
            made.append(Comment(key, post.id, parent, self._said(text.lstrip(">! ")), author, from_ms(moment)))
        return tuple(made), accepted

    def _note(self, note: Note) -> tuple[object, ...]:
        circle, end = self._roster.circles[self._where[note.where]], self._roster.span.end
        made = end - DAY // 2
        author = self._roster.people[self._player(note.author, circle, made)].id
        due = None if note.days is None else from_ms(end + _MORNING) + timedelta(days=note.days)
        audience = circle.unit_id or circle.group_id or COMPANY_KEY
        key = seeded_uuid7(self._rng, made)
        text = (note.title, self._said(note.body))
        return (key, author, audience, note.kind.upper(), note.status, *text, from_ms(made), due, note.returned)

    def _player(self, part: str, circle: Circle, moment: int) -> int:
        """Who plays the part: somebody else where they do not belong to the circle, as in a very small company."""
        seat = self.parts[part]
        return seat if circle.has(seat, moment) else circle.someone(Random(moment), moment)  # noqa: S311 - repeated

    def _moment(self, ago: float, circle: Circle) -> int:
        """Days before the end, but on a weekday, and while the circle takes posts."""
        span = self._roster.span
        near = span.end - int(ago * min(DAY, (span.end - span.start) / _FULL))
        moment = near - 2 * DAY if from_ms(near).weekday() > 4 and near - 2 * DAY > span.start else near
        return min(max(moment, circle.opened), circle.closed - HOUR)

    def _said(self, text: str) -> str:
        if "{" not in text:
            return text
        return text.format(**{part: mention(self._roster.people[seat]) for part, seat in self.parts.items()})
