"""A stream tells nobody of what is hidden from them: alone or together with insiders, replayed or as it happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLEnumType
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from auth.viewer import Viewer
from execution.documents import core_schema
from execution.ids import decode_id
from models.audiences import COMPANY
from models.log import START, LoggedEvent
from resolvers import streams
from resolvers.live.kinds import FEED
from schema.answer import NotRun, answer
from tests.factories.ids import global_id
from tests.factories.outsiders import ALL, STRANGERS, Outsider
from tests.factories.session import as_viewer
from tests.leaks.answers import is_id
from tests.leaks.conftest import Crawler
from tests.leaks.crawling import Root, roots
from tests.leaks.ground import Ground
from tests.live.following import Following, Live, running

NEWS = "the very last news"
PATIENCE = 60.0  # seconds until all must have heard it
SILENCE = 0.3  # seconds in which those who hear nothing would have heard something

ALL_HEARD = ("body", "comment", "reply")
"""How the words begin of which insiders hear all."""
SOME_HEARD = ("title", "message", "edit", "group", "inner")
"""And of which some: others were replaced before anybody was told of them."""

Hunter = Outsider | None
"""None is the owner of all that is hidden."""


@dataclass
class Notes:
    """What one hunter was told: by each of their streams, and by refusals."""

    alone: list[tuple[str, list[str]]] = field(default_factory=list[tuple[str, list[str]]])
    together: list[tuple[str, Following]] = field(default_factory=list[tuple[str, Following]])
    refused: list[str] = field(default_factory=list[str])

    @property
    def streams(self) -> list[tuple[str, list[str]]]:
        """All that streams said, by the field's name."""
        return [*self.alone, *((name, [said.decode() for said in f.told.said]) for name, f in self.together)]

    @property
    def all(self) -> list[str]:
        return [*self.refused, *(text for _, said in self.streams for text in said)]


async def test_streams_tell_only_insiders(crawl: Crawler, ground: Ground) -> None:
    """Half is planted before anybody listens and replayed, half while all do; company news goes to every member."""
    await ground.plant()
    async with running(crawl.ask) as fan:
        hunt = Hunt(crawl, ground, fan, {who: Notes() for who in (*ALL, None)})
        await hunt.begin()
        await asyncio.sleep(0.1)
        await ground.plant()
        await write_and_remove(crawl, ground)
        elsa = ground.outsiders[Outsider.ELSEWHERE]
        await crawl.ask(elsa, "posts/create_post", kind="DISCUSSION", body=NEWS)
        await hunt.end()

    owner = "\n".join(hunt.notes[None].all)
    words = [secret.text for secret in ground.secrets]
    assert not [word for word in words if word.startswith(ALL_HEARD) and word not in owner], "the owner lacks something"
    for beginning in SOME_HEARD:
        assert any(word in owner for word in words if word.startswith(beginning)), f"the owner hears of no {beginning}"
    public = await LoggedEvent.filter(audience_id=COMPANY, kind__in=[kind.__name__ for kind in FEED]).count()
    for who in ALL:
        notes = hunt.notes[who]
        heard = "\n".join(text for text in notes.all if not told_while_invited(who, text))
        assert not [text for text in ground.hidden_from(who) if text in heard], f"a stream tells {who}"
        feeds = [said for name, said in notes.streams if name == "feedUpdated"]
        assert feeds or who in STRANGERS
        for said in feeds:
            assert len(said) == (0 if who in STRANGERS else public), f"a stream tells {who} that something happens"


def told_while_invited(who: Outsider, said: str) -> bool:
    """The head of the other unit is invited to a secret group for a moment, and may know of it then."""
    return who is Outsider.HEAD and '"__typename": "InvitedToGroup"' in said.replace('":"', '": "')


async def write_and_remove(crawl: Crawler, ground: Ground) -> None:
    """An event that names a post which nobody can read any more."""
    unit = {"orgUnitId": global_id(ground.unit)}
    made = await crawl.ask(ground.ida, "posts/create_post", kind="DISCUSSION", body="No, rather not", audience=unit)
    post = made["createPost"]["post"]["id"]
    ground.hide(post)
    await crawl.ask(ground.ida, "posts/delete_post", post_id=post)


@dataclass
class Hunt:
    """Follows everything, by the reference and over the fan-out, for everybody at once."""

    crawl: Crawler
    ground: Ground
    fan: Live
    notes: dict[Hunter, Notes]
    tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    async def begin(self) -> None:
        """Everybody follows every stream from the beginning of the log, also those of hidden things."""
        for who, notes in self.notes.items():
            viewer = await self.ground.viewer(who) if who else await self._owner()
            for root in roots(core_schema(self.crawl.ask.schema), "subscription"):
                for variables in self._asked(who, root):
                    await self._alone(notes, viewer, root, variables)
                    await self._together(notes, viewer, root, variables)

    async def end(self) -> None:
        """Once all who must have heard the last news have, and a little later."""
        members = [self.notes[who] for who in (None, *(ALL - STRANGERS))]
        together = [following for notes in self.notes.values() for _, following in notes.together]
        await self.fan.all_told(*together)
        feeds = [said for notes in members for name, said in notes.alone if name == "feedUpdated"]
        await all_have_heard(feeds)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _owner(self) -> Viewer:
        return await as_viewer(self.ground.ida, self.crawl.ask.services.clock.now())

    def _asked(self, who: Hunter, root: Root) -> list[dict[str, Any]]:
        """The variables with which to ask: with each of some hidden ids, and with every kind of event."""
        kinds = core_schema(self.crawl.ask.schema).type_map["EventKind"]
        assert isinstance(kinds, GraphQLEnumType)
        always: dict[str, Any] = dict(root.required)
        if "kinds" in root.arguments:
            always["kinds"] = list(kinds.values)
        ids = self.ground.sample(who) if who else self._own_ids()
        slots = [slot for slot in root.slots if slot.type.name == "ID"]
        return [always, *(root.filled(slot, id) for slot in slots for id in ids)]

    def _own_ids(self) -> list[str]:
        hidden = [secret.text for secret in self.ground.secrets if is_id(secret.text)]
        return [id for id in dict.fromkeys(hidden) if decode_id(id)[0] in ("Conversation", "Group")]

    async def _alone(self, notes: Notes, viewer: Viewer | None, root: Root, variables: Mapping[str, Any]) -> None:
        ctx = await self.crawl.ask.context(viewer)
        values = {**variables, **self._from_the_start(root, ctx)}
        subscribe: Any = self.crawl.ask.schema.subscribe
        stream = await subscribe(root.text, variable_values=values, context_value=ctx)
        is_refused = isinstance(stream, ExecutionResult)
        if is_refused:
            notes.refused.append(json.dumps(answer(ctx, stream).body()))
            return
        said: list[str] = []

        async def write_down() -> None:
            async with aclosing(stream) as results:
                async for result in results:
                    where = notes.refused if type(result) is PreExecutionError else said
                    where.append(json.dumps(answer(ctx, result).body()))

        notes.alone.append((root.name if viewer else "", said))
        self.tasks.append(asyncio.create_task(write_down()))

    async def _together(self, notes: Notes, viewer: Viewer | None, root: Root, variables: Mapping[str, Any]) -> None:
        if viewer is None:
            return  # nobody in particular is refused before anything is followed
        ctx = await self.crawl.ask.context(viewer)
        values: dict[str, Any] = {**variables, **self._from_the_start(root, ctx)}
        try:
            notes.together.append((root.name, await self.fan.text(viewer, root.text, None, **values)))
        except NotRun as error:
            notes.refused.append(json.dumps(error.errors))

    def _from_the_start(self, root: Root, ctx: Any) -> dict[str, str]:
        return {"after": streams.seal(ctx, START)} if "after" in root.arguments else {}


async def all_have_heard(feeds: Collection[list[str]]) -> None:
    """Until the last news is in all of these."""
    async with asyncio.timeout(PATIENCE):
        while not all(NEWS in "".join(said[-1:]) for said in feeds):
            await asyncio.sleep(0.05)
    await asyncio.sleep(SILENCE)
