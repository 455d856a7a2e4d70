"""The conversations of the scenes in a company: who is in them, and when they say what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from uuid import UUID

from atrium.demo.chat_scenes import CHAT_SCENES, ChatScene
from atrium.demo.circles import Circle
from atrium.demo.feed import mention
from atrium.demo.ids import DAY, HOUR, MINUTE, seeded_uuid7, stream
from atrium.demo.rooms import Room
from atrium.demo.roster import Roster
from atrium.demo.talks import Said, Talk
from models.conversations import MEMBERS_MAX, ConversationKind, ReceiptPolicy

_FULL = 30  # days of talk in which scenes stand where they say; in fewer they stand closer
_BEFORE = DAY  # the conversation has begun so long before its first line


def staged(roster: Roster, seed: int, parts: Mapping[str, int]) -> list[Talk]:
    """The talks of the scenes that a company of this size can play; `parts` are seats."""
    stage = _ChatStage(roster, stream(seed, "chat scenes"), parts)
    talks, pairs = list[Talk](), set[frozenset[int]]()
    for scene in CHAT_SCENES:
        talk = stage.talk(scene)
        pair = frozenset(talk.room.seats)
        is_direct = scene.kind is ConversationKind.DIRECT
        if len(pair) >= len({*scene.people[:2]}) and not (is_direct and pair in pairs):
            talks.append(talk)
            pairs |= {pair} if is_direct else set()
    return talks


class _ChatStage:
    def __init__(self, roster: Roster, rng: Random, parts: Mapping[str, int]) -> None:
        self._roster, self._rng, self._span = roster, rng, roster.span
        # Whoever has come during the talk does not know what was said before: their lead speaks for them.
        lead = parts["lead"]
        self._parts = {
            part: seat if roster.since[seat] < self._span.start - DAY or part == "guest" else lead
            for part, seat in parts.items()
        }

    def talk(self, scene: ChatScene) -> Talk:
        """A scene's talk; one that has too few people is of no use."""
        begin, step = self._times(scene)
        room = self._room(scene, begin, begin + step * (len(scene.lines) + 1))
        said = list(self._said(scene, room, begin, step))
        return Talk(room, said, {self._parts[part]: count for part, count in scene.unread})

    def _times(self, scene: ChatScene) -> tuple[int, int]:
        """When the first line is said, and how long each takes (ms)."""
        span = self._span
        begin = span.end - int(scene.ago * min(DAY, (span.end - span.start) / _FULL))
        return begin, min(int(scene.pace * MINUTE), (span.end - MINUTE - begin) // (len(scene.lines) + 1))

    def _room(self, scene: ChatScene, begin: int, closed: int) -> Room:
        seats = list(dict.fromkeys(self._seats(scene)))
        made = begin - _BEFORE
        circle = self._roster.numbers[self._roster.people[self._parts["head"]].unit_id]
        is_channel = scene.kind is ConversationKind.CHANNEL
        joined = sorted((max(made, self._roster.since[seat] + HOUR), place, seat) for place, seat in enumerate(seats))
        inside = [one for one in joined if one[0] < self._span.end - HOUR]
        return Room(
            id=UUID(int=self._rng.getrandbits(128), version=4),
            kind=scene.kind,
            seats=tuple(seat for _, _, seat in inside),
            joined=tuple(moment for moment, _, _ in inside),
            made=made,
            closed=closed if scene.archived else self._span.end,
            title=scene.title,
            purpose=scene.purpose,
            home=self._roster.circles[circle].unit_id if is_channel else None,
            circle=circle,
            receipts=ReceiptPolicy.OFF if len(seats) > 50 else scene.receipts,
            retention_days=scene.retention_days,
            archived=scene.archived,
        )

    def _seats(self, scene: ChatScene) -> Iterator[int]:
        for part in scene.people:
            if part == "unit":
                circle: Circle = self._roster.circles[self._roster.numbers[self._unit]]
                yield from range(circle.first, min(circle.end, circle.first + MEMBERS_MAX))
            else:
                yield self._parts[part]

    @property
    def _unit(self) -> UUID | None:
        return self._roster.people[self._parts["head"]].unit_id

    def _said(self, scene: ChatScene, room: Room, begin: int, step: int) -> Iterator[Said]:
        thread: UUID | None = None
        for place, (part, line) in enumerate(scene.lines):
            at = begin + place * step
            mark, text = (line[0], line[2:]) if line[1] == " " and line[0] in ">!~-" else ("", line)
            text, *cheers = text.split("|")
            body = "" if mark == "-" else self._filled(text, room.seats)
            key = seeded_uuid7(self._rng, at)
            yield Said(
                *(key, self._parts[part], at, body),
                parent=thread if mark == ">" else None,
                everyone=body.startswith(("@everyone", "@here")),
                before=body.rpartition(" ")[0] if mark == "~" else None,
                removed=mark == "-",
                pinned=mark == "!",
                cheers=tuple(dict.fromkeys(self._cheers(cheers, room.seats, self._parts[part]))),
            )
            thread = thread if mark == ">" else key

    def _cheers(self, given: Sequence[str], seats: Sequence[int], author: int) -> Iterator[tuple[int, str]]:
        for part, emoji in (one.split(" ") for one in given):
            if self._parts[part] in seats and self._parts[part] != author:
                yield self._parts[part], emoji

    def _filled(self, text: str, seats: Sequence[int]) -> str:
        """The text with its names: a mention of those who are in it."""
        if "{" not in text:
            return text
        people = self._roster.people
        named = {p: mention(people[s]) if s in seats else people[s].given_name for p, s in self._parts.items()}
        return text.format(**named)
