"""The index is a reader of the log: it loads afresh whatever an event is about, and may do so twice."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from search.changes import CHANGES, Many, One, Outdated
from search.engine import Document, Engine
from search.postgres import PostgresEngine
from search.sources import WALKS, Load, Source
from subscriptions import log
from subscriptions.events import Event, Logged
from subscriptions.search import DocumentsOutdated

AT_ONCE = 1_000  # documents loaded and put at a time


class Indexer:
    """Keeps one engine's documents as the rows are.

    A change may concern more documents than can be made anew while one batch is read. The rest is then left to an
    event that the index tells itself, committed no later than its position: a kill loses nothing, and what happens
    meanwhile is read in between.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = f"search:{engine.name}"
        self.outside = engine.name != PostgresEngine.name

    async def read(self, events: Sequence[Logged]) -> None:
        batch = _Batch(outdated for logged in events for outdated in self._outdated(logged.event))
        for audience in batch.purged:
            await self.engine.drop_within(audience)
        left = await batch.walk()
        await self.refresh_all(batch.ids)
        rest = [DocumentsOutdated(self.name, one.walk, one.start, one.after) for one in left]
        if rest:
            await log.append(rest, actor=None, now=events[-1].occurred_at, quiet=True)

    async def refresh(self, subjects: Sequence[uuid.UUID], load: Load) -> None:
        """Put what is there, drop what is not."""
        for ids in _portions(subjects):
            await self._replace(ids, await load(ids))

    async def refresh_all(self, ids: Mapping[Source, Iterable[uuid.UUID]]) -> None:
        """The same for rows of several sources."""
        subjects: list[uuid.UUID] = []
        documents: list[Document] = []
        for source, wanted in ids.items():
            for portion in _portions(sorted(wanted)):
                subjects += portion
                documents += await source.load(portion)
                if len(subjects) >= AT_ONCE:
                    await self._replace(subjects, documents)
                    subjects, documents = [], []
        await self._replace(subjects, documents)

    async def _replace(self, subjects: Sequence[uuid.UUID], documents: Sequence[Document]) -> None:
        if documents:
            await self.engine.put(documents)
        gone = set(subjects) - {document.subject for document in documents}
        if gone:
            await self.engine.drop(sorted(gone))

    def _outdated(self, event: Event) -> Iterator[Outdated]:
        """What an event has made out of date; what another index has left is none of ours."""
        effect = CHANGES.get(type(event))
        if effect and not (isinstance(event, DocumentsOutdated) and event.index != self.name):
            yield from effect(event)


class _Batch:
    """What a batch of events has made out of date, each thing once."""

    def __init__(self, outdated: Iterable[Outdated]) -> None:
        self.ids: defaultdict[Source, set[uuid.UUID]] = defaultdict(set)
        self.purged: set[uuid.UUID] = set()
        self._walks: defaultdict[str, dict[uuid.UUID, uuid.UUID]] = defaultdict(dict)
        for one in outdated:
            if isinstance(one, One):
                self.ids[one.source].add(one.id)
            elif isinstance(one, Many):
                self._begin(one)
            else:
                self.purged.add(one.audience)

    async def walk(self) -> list[Many]:
        """Find the next rows of each walk; what is left of them."""
        return [left for name in WALKS if name in self._walks for left in await self._walk(name)]

    async def _walk(self, name: str) -> list[Many]:
        walk, begun = WALKS[name], self._walks[name]
        found = await walk.find(list(begun), list(begun.values()))
        for _, id in found[: walk.most]:
            self.ids[walk.source].add(id)
            for then in walk.then:
                self._begin(Many(then, id))
        if len(found) <= walk.most:
            return []
        reached = found[walk.most][0]
        last = [id for start, id in found[: walk.most] if start == reached]
        starts = list(begun)
        behind = starts[starts.index(reached) :]
        return [Many(name, start, last[-1] if last and start == reached else begun[start]) for start in behind]

    def _begin(self, one: Many) -> None:
        """Walk from there. Where several walks are under way from one start, the last one takes the others along."""
        begun = self._walks[one.walk]
        begun[one.start] = min(one.after, begun.get(one.start, one.after))


def _portions(ids: Sequence[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    for start in range(0, len(ids), AT_ONCE):
        yield list(ids[start : start + AT_ONCE])
