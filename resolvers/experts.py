"""Who knows about a topic, by what they say of themselves, what others confirm, and what they have written."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from asyncpg import Record

from auth.conditions import Params
from auth.policies.people import suggestible
from auth.scope import readable
from execution.paging import InvalidPage, Keyset, Order, Page
from models import experts as table
from models.errors import Invalid
from models.experts import RECENT, WALKED_MAX
from models.feed import Comment, Post
from models.people import Person
from models.profiles import BuiltIn
from models.skills import SkillLevel
from models.text import clean_line
from resolvers import expert_topics, lists, search_gate, sight
from resolvers.context import Context
from resolvers.expert_scores import ExpertReason, Held, Known, circumstances, evidence, score
from resolvers.expert_topics import Topic
from resolvers.lists import PageArgs
from resolvers.search_kinds import reached
from search.query import Query
from subscriptions.events import person_stream
from subscriptions.experts import ExpertSuggestionsChanged

TOPIC_MAX = 200  # characters
WEIGHED_MAX = 500  # people who know about a topic, those who know most
BEST = Order("experts:score", ("rank", "name_key", "id"))


@dataclass(frozen=True)
class Expert:
    """Somebody who knows about a topic. `id` is the person's; `rank` is the score turned around, for the order."""

    id: uuid.UUID
    name_key: str
    score: float
    reasons: tuple[ExpertReason, ...]

    @property
    def rank(self) -> float:
        return -self.score


async def experts(ctx: Context, text: str, args: PageArgs) -> Page:
    """Those who know about a topic, most of all first, then by name. Raises `Invalid`."""
    ctx.reach("search:read")
    ctx.reach("people:read")
    text = clean_line(text, most=TOPIC_MAX, path=["topic"], what="The topic").removeprefix("#")
    window = args.window()
    if not window.forward:
        raise Invalid("Experts are listed forward only: use `first` and `after`.", ["last"])
    keyset = Keyset(BEST, ctx.sealer, binding=text)
    try:
        position = keyset.position(window)
    except InvalidPage as error:
        raise lists.refused(error) from None
    found = sorted(await _weighed(ctx, text), key=_place)
    rows = found if position is None else [one for one in found if _place(one) > position]

    async def count() -> int:
        return len(found)

    return keyset.page(window, rows[: window.limit], count)


async def is_suggested(ctx: Context) -> bool:
    """Whether the viewer may be suggested to others."""
    return (await Person.get(id=ctx.me.person_id).only("id", "suggested")).suggested


async def set_suggestions(ctx: Context, *, suggested: bool) -> None:
    """Choose whether the viewer may be suggested to others, who are never told. Raises `Forbidden`."""
    ctx.reach("people:write")
    me = ctx.me.person_id
    async with ctx.transaction(person_stream(me)):
        mine = await Person.filter(id=me).select_for_update().only("id", "suggested").get()
        if mine.suggested != suggested:
            await Person.filter(id=me).update(suggested=suggested)
            ctx.emit(ExpertSuggestionsChanged(me))


async def _weighed(ctx: Context, text: str) -> list[Expert]:
    topic = await expert_topics.topic(ctx, text)
    known = await _known(ctx, topic)
    reasons = {person: tuple(evidence(one)) for person, one in known.items()}
    best = sorted(reasons, key=lambda person: (-score(reasons[person]), person))[:WEIGHED_MAX]
    made: list[Expert] = []
    for row in await _standing(ctx, best):
        every = (*reasons[row["id"]], *circumstances(row, ctx.now()))
        made.append(Expert(row["id"], row["name_key"], score(every), every))
    return made


async def _known(ctx: Context, topic: Topic) -> dict[uuid.UUID, Known]:
    held = await _held(ctx, topic)
    written = await _written(ctx, topic)
    parts = max(1, len(topic.parts))
    return {
        person: Known(held.get(person, ()), parts, *written.get(person, (0, 0)))
        for person in held.keys() | written.keys()
    }


async def _held(ctx: Context, topic: Topic) -> dict[uuid.UUID, tuple[Held, ...]]:
    """What people have of the topic's skills; of each part the one that they know best."""
    if not topic.skills:
        return {}
    params = Params([list(topic.skills), WALKED_MAX // len(topic.skills)])
    may, seen = suggestible.sql(ctx.me, params, "r"), readable(Person, ctx.me, params, "p")
    best: dict[uuid.UUID, dict[int, Held]] = {}
    part_of = {skill.id: i for i, part in reversed(list(enumerate(topic.parts))) for skill in part}
    for row in await table.holders(params, suggestible=may, seen=seen):
        level = SkillLevel(row["level"]) if row["level"] else None
        held = Held(topic.skills[row["skill_id"]].name, level, row["endorsements"])
        best.setdefault(row["person_id"], {}).setdefault(part_of[row["skill_id"]], held)
    return {person: tuple(held for _, held in sorted(parts.items())) for person, parts in best.items()}


async def _written(ctx: Context, topic: Topic) -> dict[uuid.UUID, tuple[int, int]]:
    """How many accepted answers, and how many recent posts and comments, of what the viewer may read."""
    if not ctx.me.allows("feed:read"):
        return {}
    posts, comments = await _told_of(ctx, topic)
    params = Params([topic.tags, posts, comments, ctx.now() - RECENT])
    rows = await table.writers(
        params,
        suggestible=suggestible.sql(ctx.me, params, "r"),
        posts=f"{readable(Post, ctx.me, params, 'r')} AND r.status = 'PUBLISHED'",
        comments=f"{readable(Comment, ctx.me, params, 'r')} AND NOT r.removed",
    )
    return {row["person_id"]: (row["answers"], row["posts"]) for row in rows}


async def _told_of(ctx: Context, topic: Topic) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The posts and the comments whose text holds the topic, as far as the viewer may read them."""
    query = Query(reached(ctx, ["POST", "COMMENT"]), tuple(expert_topics.said(topic)))
    if not query.wanted:
        return [], []
    answer = await ctx.services.search.find(query, await search_gate.sight(ctx))
    hits = await search_gate.passed(ctx, query, answer.found.hits)
    posts, comments = ([hit.subject for hit in hits if hit.kind == kind] for kind in ("POST", "COMMENT"))
    return posts, comments


async def _standing(ctx: Context, people: Sequence[uuid.UUID]) -> list[Record]:
    """Where these people stand, as far as the viewer may know of it: those who may still be suggested."""
    if not people:
        return []
    me = ctx.me
    sees_chart = me.allows("org:read") and not me.is_guest
    # Below the only root is everybody, so that being there with somebody makes nobody close.
    units = list(me.unit_path[:-1] or me.unit_path) if sees_chart else []
    present = ctx.services.presence.people if me.allows("chat:read") else ()
    here = [person for person in people if person in present]
    params = Params([list(people), me.person_id if sees_chart else None, ctx.today(), units, here, me.person_id])
    return await table.standing(
        params,
        suggestible=suggestible.sql(me, params, "r"),
        located=await sight.seen(ctx, BuiltIn.LOCATION, params),
        timed=await sight.seen(ctx, BuiltIn.TIME_ZONE, params),
        working=await sight.seen(ctx, BuiltIn.WORKING_HOURS, params),
    )


def _place(expert: Expert) -> tuple[float, str, uuid.UUID]:
    return (expert.rank, expert.name_key, expert.id)
