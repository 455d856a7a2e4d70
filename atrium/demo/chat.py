"""The chat of the demonstration company: all conversations, and what was said in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from atrium.demo.chat_rows import ChatRows, Row
from atrium.demo.chat_stage import staged
from atrium.demo.groups import GroupPlan
from atrium.demo.records import Person
from atrium.demo.rooms import Rooms
from atrium.demo.roster import Roster
from atrium.demo.talks import Talk, Talks
from models.conversations import ConversationKind


class Chat:
    """Conversations by the dozen, and those of the scenes; each walk gives the same. Nothing said is kept in memory."""

    def __init__(
        self, roster: Roster, seed: int, groups: Sequence[GroupPlan], parts: Mapping[str, int], *, messages: int
    ) -> None:
        """So many `messages`, those of the scenes left out; `parts` are the seats of who plays in scenes."""
        self._roster, self._seed, self._groups, self._parts = roster, seed, groups, parts
        self._messages = messages

    def __len__(self) -> int:
        """How many conversations there are."""
        return len(self._scenes) + len(self._rooms.rooms)

    @property
    def people(self) -> Sequence[Person]:
        """Everybody, by seat."""
        return self._roster.people

    def talks(self) -> Iterator[Talk]:
        """Every conversation with what is said in it, those of the scenes first."""
        yield from self._scenes
        talks = Talks(self._roster, self._seed)
        for room, count in zip(self._rooms.rooms, self._rooms.counts, strict=True):
            yield talks.talk(room, count)

    def rows(self) -> Iterator[tuple[Talk, Iterator[tuple[str, Row]]]]:
        """The same, with the rows of each and the names of their tables: to be taken in this order."""
        made = ChatRows(self._roster, self._seed)
        for talk in self.talks():
            yield talk, made.rows(talk)

    @cached_property
    def _scenes(self) -> Sequence[Talk]:
        return staged(self._roster, self._seed, self._parts)

    @cached_property
    def _rooms(self) -> Rooms:
        """Planned when it is asked for: not everybody who wants a company wants its chat."""
        direct = (talk.room.seats for talk in self._scenes if talk.room.kind is ConversationKind.DIRECT)
        taken = {(min(seats), max(seats)) for seats in direct}
        return Rooms(self._roster, self._seed, self._groups, self._parts, taken, self._messages)
