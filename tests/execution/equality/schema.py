"""A schema that has everything."""

# Strawberry reads the annotations when it builds the types, so there are no deferred ones in this module.

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any, Optional, Union, cast

import strawberry

from execution.fields import DECLARED, Bare, batched, column, computed, relation
from execution.rows import read
from tests.execution.equality.shaping import (
    DATED,
    Connection,
    Filter,
    Info,
    Kind,
    Loud,
    Mood,
    Paged,
    Pick,
    Span,
    Token,
    Young,
    at,
    awaited,
    awaited_twin,
    bosses,
    chosen,
    lucks,
    lucks_known,
    no_stones,
    page_of,
    pair,
    partners,
    shouted,
    told,
    too_few,
    twin,
)
from tests.execution.equality.things import BEINGS, World


@strawberry.interface
class Being:
    id: strawberry.ID = column("x")
    name: str | None = column("x")
    friend: Optional["Being"] = relation("beings", key="friend_id", description="x")
    mood: Mood | None

    @strawberry.field
    def path(self, info: Info) -> str:
        return told(self, info, "path", f"{info.path.as_list()} {info.path.typename} {info.field_name}")


@strawberry.type
class Stone:
    id: strawberry.ID
    title: str
    weight: float = column("x", source="height")
    grid: list[list[int]]
    owner: Being = relation("beings", key="owner_id", description="x")


@strawberry.type
class Robot(Being):
    title: str
    age: int
    maker: Optional["Person"] = relation("people", key="maker_id", description="x")
    twin: "Robot" = computed(twin, description="x")

    @strawberry.field
    def greet(self, info: Info, word: str = "beep") -> str | None:
        return told(self, info, "greet", word * 2)


@strawberry.type
class Person(Being):
    title: str | None = column("x")
    full: str = column("x", source="title")
    age: int
    height: float
    is_old: bool
    moods: list[Mood]
    born: datetime
    token: Token
    grid: list[list[int]]
    sparse: list[list[int | None] | None] | None
    words: list[str] | None = column("x")
    boss: "Person" = relation("people", key="boss_id", description="x")
    stones: list[Stone] = relation("stones", key="id", many=True, description="x")
    some_stones: list[Stone | None] | None = relation("stones", key="maker_id", many=True, description="x")
    count: int = relation("counts", key="id", description="x")
    fragile: Optional["Person"] = relation("fragile", key="boss_id", description="x")
    frail: Being = relation("fragile", key="boss_id", description="x")
    broken: Being | None = relation("broken", key="boss_id", description="x")
    unkeyed: Being | None = relation("people", key="odd_id", description="x")
    unloadable: Being | None = relation("nowhere", key="friend_id", description="x")
    luck: int | None = batched(lucks, description="x")
    sure_luck: int = batched(lucks, description="x")
    quick_luck: int | None = batched(lucks, at_once=lucks_known, description="x")
    partner: Optional["Person"] = batched(partners, description="x")
    former_boss: Optional["Person"] = relation("people", key="boss_id", on_day=bosses, description="x")
    former_stones: list[Stone] | None = relation("stones", key="maker_id", many=True, on_day=no_stones, description="x")
    chosen: Optional["Person"] = strawberry.field(resolver=chosen, metadata={DECLARED: Bare(DATED)})
    unlucky: int | None = batched(too_few, description="x")
    shout: str | None = computed(shouted, description="x")
    twin: "Person" = computed(twin, description="x")
    late_title: str | None = computed(awaited, description="x")
    late_token: Token | None = computed(awaited, description="x")
    late_twin: "Person" = computed(awaited_twin, description="x")
    pair: list[Optional["Person"]] | None = computed(pair, description="x")
    young: str | None = strawberry.field(permission_classes=[Young], name="young", default=None)

    @strawberry.field
    def hi(self) -> str:
        return f"hi {read(self, 'title')}"

    @strawberry.field
    @staticmethod
    def ciao(root: Any) -> str:
        return f"ciao {read(root, 'title')}"

    @strawberry.field
    @staticmethod
    def hola(being: strawberry.Parent[Any], info: Info) -> str | None:
        return told(being, info, "hola", f"hola {read(being, 'title')}")

    @strawberry.field
    def greet(self, info: Info, word: str = "hey", times: int = 1, mood: Mood | None = None) -> str:
        return told(self, info, "greet", f"{word * times} {mood!r}")

    @strawberry.field
    def matches(self, info: Info, filter: Filter) -> str | None:
        return told(self, info, "matches", repr(filter))

    @strawberry.field
    def picked(self, by: Pick, spans: list[Span] | None = None) -> str:
        return repr((by, spans))

    @strawberry.field
    def maybe(self, info: Info, value: strawberry.Maybe[str | None], token: Token | None = None) -> str:
        return told(self, info, "maybe", repr((value, token)))

    @strawberry.field
    def selected(self, info: Info) -> Optional["Person"]:
        asked = repr(info.selected_fields)
        return told(self, info, "selected", {"kind": "Person", "id": "selected", "name": asked, "title": asked})

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(0)
        return f"slow {read(self, 'title')}"

    @strawberry.field
    async def slow_friend(self, info: Info) -> Being | None:
        await asyncio.sleep(0)
        return told(self, info, "slow_friend", info.context.row(read(self, "friend_id")))

    @strawberry.field
    def via_loader(self, info: Info) -> Being:
        return cast(Any, info.context.loaders["beings"].load(read(self, "friend_id")))

    @strawberry.field
    def half_slow(self, info: Info) -> Being | None:
        """At once or later, as it comes."""
        found = info.context.row(read(self, "friend_id"))
        return cast(Any, info.context.loaders["fragile"].load(read(self, "id"))) if read(self, "age") % 2 else found

    @strawberry.field(permission_classes=[Young])
    def allowed(self, word: str = "yes") -> str | None:
        return f"{word} {read(self, 'title')}"

    @strawberry.field(permission_classes=[Young, Kind])
    async def kindly(self, info: Info) -> str:
        return told(self, info, "kindly", str(info.path.as_list()))

    @strawberry.field(extensions=[Loud()])
    def loud(self, info: Info, word: str = "loud") -> str:
        return told(self, info, "loud", word)

    @strawberry.field(extensions=[Loud()])
    async def late(self, word: str = "late") -> str | None:
        return word

    @strawberry.field(extensions=[Paged()])
    def friends(self, info: Info, page: Any) -> Connection[Being]:
        place = at(self, "friends")
        return cast(Any, page_of(info.context, place, info.context.ids(place), page[0]))

    @strawberry.field(extensions=[Paged()])
    async def people(self, info: Info, page: Any) -> Connection["Person"] | None:
        place = at(self, "people")
        ids = [id for id in info.context.ids(place) if id[0] == "p"]
        return told(self, info, "people", page_of(info.context, place, ids, page[0]))

    @strawberry.field
    def crowd(self, info: Info) -> list[list["Person"]]:
        return told(self, info, "crowd", _crowd(info.context, at(self, "crowd")))

    @strawberry.field
    async def throng(self, info: Info) -> list[list["Being"] | None] | None:
        return told(self, info, "throng", _crowd(info.context, at(self, "throng")))

    @strawberry.field
    def things(self, info: Info) -> "list[Thing]":
        return told(self, info, "things", _things(info.context, at(self, "things")))

    @strawberry.field
    def some_things(self, info: Info) -> "list[Thing | None] | None":
        return told(self, info, "some_things", iter(_things(info.context, at(self, "some_things"))))


Thing = Annotated[Union[Person, Robot, Stone], strawberry.union("Thing")]  # noqa: UP007


def _crowd(world: World, place: str) -> list[list[Any]]:
    """Rows in lists of lists; of people alone where the weather is fair."""
    ids = [id for id in world.ids(place, 5) if id[0] == "p"]
    rows = [world.weather.given(f"{place}/{i}", world.row(id)) for i, id in enumerate(ids)]
    return [rows[:2], [], rows[1:]]


def _things(world: World, place: str) -> list[Any]:
    ids = [*world.ids(place), "s1", "s2"]
    return [world.weather.given(f"{place}/{i}", world.row(id)) for i, id in enumerate(ids)]


@strawberry.type
class Query:
    version: str = "1"

    @strawberry.field
    def being(self, info: Info, id: strawberry.ID) -> Being | None:
        return info.context.row(id if id in BEINGS else "p1")

    @strawberry.field
    def person(self, info: Info, index: int = 1) -> Person:
        return info.context.weather.given("Query.person", info.context.row(f"p{index % 8}"))

    @strawberry.field
    async def people(self, info: Info, filter: Filter | None = None) -> list[Person]:
        await asyncio.sleep(0)
        return info.context.weather.given("Query.people", [info.context.row(f"p{i}") for i in range(5)])

    @strawberry.field
    def beings(self, info: Info) -> list[Being | None] | None:
        return _things(info.context, "Query.beings")[:-2]

    @strawberry.field
    async def things(self, info: Info) -> list[Thing]:  # pyright: ignore[reportInvalidTypeForm]
        return _things(info.context, "Query.things")

    @strawberry.field
    def some_things(self, info: Info) -> list[Thing | None]:  # pyright: ignore[reportInvalidTypeForm]
        return _things(info.context, "Query.some_things")

    @strawberry.field(extensions=[Paged()])
    def page(self, info: Info, page: Any) -> Connection[Person]:
        ids = [id for id in info.context.ids("page", 6) if id[0] == "p"]
        return cast(Any, page_of(info.context, "page", ids, page[0]))

    @strawberry.field
    async def crowd(self, info: Info) -> list[list[Person] | None]:
        return cast(Any, _crowd(info.context, "Query.crowd"))

    @strawberry.field
    def numbers(self, low: int = 0, high: int = 3) -> list[int]:
        return cast(Any, range(low, high))


@strawberry.type
class Done:
    step: int
    by: Person | None = relation("people", key="by_id", description="x")

    @strawberry.field
    async def slowly(self, info: Info) -> str:
        return await _done(info, f"below {read(self, 'step')}", "slowly")


async def _done(info: Info, what: str, value: Any) -> Any:
    info.context.log.append(f"{what} begins")
    for _ in range(3):
        await asyncio.sleep(0)
    info.context.log.append(f"{what} ends")
    return info.context.weather.given(what, value)


@strawberry.type
class Mutation:
    version: str | None = "1"

    @strawberry.mutation
    async def act(self, info: Info, step: int, note: str | None = None) -> Done:
        return await _done(info, f"act {step}", {"step": step, "by_id": f"p{step % 8}"})

    @strawberry.mutation
    async def try_to(self, info: Info, step: int) -> Done | None:
        return await _done(info, f"try {step}", {"step": step, "by_id": None})

    @strawberry.mutation
    def at_once(self, info: Info, step: int = 1) -> int | None:
        info.context.log.append(f"at once {step}")
        return info.context.weather.given(f"at once {step}", step)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def events(self, info: Info, count: int = 2) -> AsyncIterator[Person]:
        for i in range(min(abs(count), 3)):
            info.context.loaders.clear()
            yield info.context.weather.given(f"event {i}", info.context.row(f"p{i}"))

    @strawberry.subscription(permission_classes=[Young])
    async def changes(self, info: Info) -> AsyncIterator[Being | None]:
        yield info.context.row("r1")
        yield info.context.row(None)
        yield info.context.row("p2")
