"""Facts: what a policy must know of rows beyond their columns, asked of the database for many rows at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from auth.viewer import Viewer
from models import db


@dataclass(frozen=True, slots=True)
class Wanted:
    """Keys of one kind of fact: `listed` (audiences), `above` (units), `shared` (people), or of one that can `ask`.

    `ask` gives those of the keys for which the fact holds.
    """

    kind: str
    keys: set[uuid.UUID]
    ask: Callable[[Viewer, list[uuid.UUID]], Awaitable[set[uuid.UUID]]] | None = None


LISTED = "SELECT audience_id FROM audience_member WHERE person_id = $2 AND listed AND audience_id = ANY($1::uuid[])"
ABOVE = "SELECT descendant_id, ancestor_id FROM unit_closure WHERE descendant_id = ANY($1::uuid[])"
SHARED = (
    "SELECT DISTINCT person_id FROM audience_member WHERE person_id = ANY($1::uuid[]) AND audience_id = ANY($2::uuid[])"
)


class Facts:
    """What one viewer's conditions have learnt so far. Forgotten together with the loaders."""

    def __init__(self) -> None:
        self._listed: dict[uuid.UUID, bool] = {}
        self._above: dict[uuid.UUID, frozenset[uuid.UUID]] = {}
        self._shared: dict[uuid.UUID, bool] = {}
        self._asked: dict[str, dict[uuid.UUID, bool]] = {}
        self._asking: dict[str, asyncio.Lock] = {}  # by kind

    def listed(self, audience: uuid.UUID) -> bool:
        """Whether the viewer is on the list, or in the conversation, of this audience."""
        return self._listed[audience]

    def above(self, unit: uuid.UUID) -> frozenset[uuid.UUID]:
        """The unit and all units above it."""
        return self._above[unit]

    def shared(self, person: uuid.UUID) -> bool:
        """Whether the person belongs to an audience that the viewer has joined."""
        return self._shared[person]

    def asked(self, kind: str, key: uuid.UUID) -> bool:
        """Whether a fact of a kind that says how to ask holds for this key."""
        return self._asked[kind][key]

    async def learn(self, viewer: Viewer, wanted: Iterable[Wanted]) -> None:
        """Ask for what is not known yet: one statement for each kind of fact, none where nothing is missing.

        Fields side by side often want the same: who comes while a kind is being asked for waits, and asks for the rest.
        """
        kinds: dict[str, Wanted] = {}
        for want in wanted:
            kinds.setdefault(want.kind, Wanted(want.kind, set(), want.ask)).keys.update(want.keys)
        for kind, want in kinds.items():
            async with self._asking.setdefault(kind, asyncio.Lock()):
                await self._learn(viewer, want)

    async def _learn(self, viewer: Viewer, want: Wanted) -> None:
        if want.ask is not None:
            known = self._asked.setdefault(want.kind, {})
            if missing := list(want.keys - known.keys()):
                found = await want.ask(viewer, missing)
                known.update((key, key in found) for key in missing)
        elif want.kind == "listed" and (missing := list(want.keys - self._listed.keys())):
            found = {r[0] for r in await db.rows(LISTED, missing, viewer.person_id)}
            self._listed.update((key, key in found) for key in missing)
        elif want.kind == "above" and (missing := list(want.keys - self._above.keys())):
            paths: dict[uuid.UUID, set[uuid.UUID]] = {key: set() for key in missing}
            for record in await db.rows(ABOVE, missing):
                paths[record[0]].add(record[1])
            self._above.update((key, frozenset(path)) for key, path in paths.items())
        elif want.kind == "shared" and (missing := list(want.keys - self._shared.keys())):
            found = {r[0] for r in await db.rows(SHARED, missing, list(viewer.joined))}
            self._shared.update((key, key in found) for key in missing)

    def tell(self, kind: str, known: Mapping[uuid.UUID, bool]) -> None:
        """Have the facts of a kind that says how to ask known for some keys: they came by another statement."""
        self._asked.setdefault(kind, {}).update(known)

    def tell_listed(self, audiences: Iterable[uuid.UUID]) -> None:
        """Have it known that the viewer is on the list, or in the conversation, of these audiences."""
        self._listed.update((audience, True) for audience in audiences)

    def clear(self) -> None:
        """Forget everything."""
        self.__init__()
