"""Loaders: what aiodataloader promises, and that one caller's cancellation is no other's."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
import strawberry
from aiodataloader import DataLoader
from strawberry import Info

from execution.declared_loaders import Loaders, by_id, count_by, many_by
from execution.fields import read
from execution.loaders import Loader

Answer = Callable[[list[int]], Sequence[Any]]


class Recorder(Loader[None, int, Any]):
    """Answers with ten times the key unless told otherwise, and remembers the batches it was asked for."""

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__(None)
        self.batches: list[list[int]] = []
        self.answer: Answer = answer or (lambda keys: [key * 10 for key in keys])
        self.gate = asyncio.Event()
        self.gate.set()

    async def batch_load_fn(self, keys: list[int]) -> Sequence[Any]:
        self.batches.append(keys)
        await self.gate.wait()
        return self.answer(keys)


def failing(keys: list[int]) -> Sequence[Any]:
    raise LookupError(f"no {keys}")


async def test_it_is_a_data_loader() -> None:
    assert isinstance(Recorder(), DataLoader)


async def test_the_loads_of_one_moment_are_one_batch_of_distinct_keys_in_their_order() -> None:
    loader = Recorder()

    values = await asyncio.gather(loader.load(3), loader.load(1), loader.load(3), loader.load_many([2, 1]))

    assert values == [30, 10, 30, [20, 10]]
    assert loader.batches == [[3, 1, 2]]


async def test_a_load_one_await_behind_joins_the_batch() -> None:
    loader = Recorder()

    async def load(key: int, awaits: int) -> Any:
        for _ in range(awaits):
            await asyncio.sleep(0)
        return await loader.load(key)

    assert await asyncio.gather(load(1, awaits=0), load(2, awaits=1)) == [10, 20]
    assert loader.batches == [[1, 2]]


async def test_a_value_is_fetched_once() -> None:
    loader = Recorder()

    assert [await loader.load(1), await loader.load(1), await loader.load_batch([1, 1])] == [10, 10, [10, 10]]
    assert loader.batches == [[1]]


async def test_values_that_are_false_or_none_are_remembered_too() -> None:
    loader = Recorder(lambda keys: [None for _ in keys])

    assert [await loader.load(1), await loader.load(1)] == [None, None]
    assert loader.batches == [[1]]


async def test_large_batches_are_split() -> None:
    loader = Recorder()

    values = await loader.load_many(range(2_500))

    assert values == [key * 10 for key in range(2_500)]
    assert [len(batch) for batch in loader.batches] == [1_000, 1_000, 500]


async def test_the_size_of_a_batch_can_be_smaller() -> None:
    loader = Recorder()
    loader.max_batch_size = 2

    await loader.load_many([1, 2, 3])

    assert loader.batches == [[1, 2], [3]]


async def test_an_exception_among_the_values_fails_its_key_alone_and_is_remembered() -> None:
    loader = Recorder(lambda keys: [LookupError("odd") if key % 2 else key for key in keys])

    results = await asyncio.gather(loader.load(1), loader.load(2), return_exceptions=True)

    assert isinstance(results[0], LookupError)
    assert results[1] == 2
    with pytest.raises(LookupError):
        await loader.load(1)
    assert loader.batches == [[1, 2]]


async def test_a_failed_batch_fails_all_its_keys_and_is_tried_again() -> None:
    tries = count()

    def failing_once(keys: list[int]) -> Sequence[Any]:
        return keys if next(tries) else failing(keys)

    loader = Recorder(failing_once)

    results = await asyncio.gather(loader.load(1), loader.load(2), return_exceptions=True)

    assert [type(result) for result in results] == [LookupError, LookupError]
    assert await loader.load(1) == 1
    assert loader.batches == [[1, 2], [1]]


@pytest.mark.parametrize("values", [[], [1, 2, 3]])
async def test_as_many_values_as_keys_are_needed(values: list[int]) -> None:
    with pytest.raises(TypeError, match=f"{len(values)} values for 2 keys"):
        await Recorder(lambda keys: values).load_many([1, 2])


async def test_none_is_no_key() -> None:
    loader: Any = Recorder()

    with pytest.raises(TypeError):
        loader.load(None)
    with pytest.raises(TypeError):
        await loader.load_batch([None])


async def test_the_bulk_door_gives_exceptions_as_values() -> None:
    loader = Recorder(lambda keys: [LookupError("odd") if key % 2 else key for key in keys])

    values = await loader.load_batch([2, 1, 2])

    assert [values[0], values[2]] == [2, 2]
    assert isinstance(values[1], LookupError)
    loader.answer = failing
    assert isinstance((await loader.load_batch([4]))[0], LookupError)


async def test_both_doors_share_a_batch_and_the_values() -> None:
    loader = Recorder()

    results = await asyncio.gather(loader.load(1), loader.load_batch([1, 2]), loader.load_batch([2, 3]))

    assert results == [10, [10, 20], [20, 30]]
    assert loader.batches == [[1, 2, 3]]


async def test_what_was_cleared_is_fetched_again() -> None:
    loader = Recorder()
    await loader.load_many([1, 2])

    await loader.clear(1).load_many([1, 2])
    await loader.clear_all().load_many([1, 2])

    assert loader.batches == [[1, 2], [1], [1, 2]]


async def test_a_value_that_arrives_after_its_key_was_cleared_is_not_remembered() -> None:
    answers = iter(["old", "new"])
    loader = Recorder(lambda keys: [next(answers)])
    loader.gate.clear()
    early, bulk = loader.load(1), asyncio.ensure_future(loader.load_batch([1]))
    await asyncio.sleep(0.01)

    loader.clear_all()
    late = loader.load(1)
    loader.gate.set()
    assert await early == "old"
    assert await bulk == ["old"]

    assert await late == "new"
    assert await loader.load(1) == "new"
    assert loader.batches == [[1], [1]]


async def test_a_primed_value_is_not_fetched_and_replaces_none() -> None:
    loader = Recorder()

    loader.prime(1, "primed").prime(1, "again").prime(2, LookupError("gone"))

    assert await loader.load(1) == "primed"
    with pytest.raises(LookupError):
        await loader.load(2)
    assert loader.batches == []


async def test_a_cancelled_caller_leaves_the_others_their_value() -> None:
    loader = Recorder()
    first, second = loader.load(1), asyncio.ensure_future(loader.load_batch([1]))
    third = asyncio.ensure_future(loader.load_batch([1]))
    fourth = loader.load(1)
    await asyncio.sleep(0)

    first.cancel()
    second.cancel()

    assert await third == [10]
    assert await fourth == 10
    assert await loader.load(1) == 10
    assert loader.batches == [[1]]


async def test_an_abandoned_loader_fetches_nothing_any_more() -> None:
    loader = Recorder()
    early = loader.load(1)
    loader.abandon()
    late = loader.load(2)

    assert [type(one) for one in await asyncio.gather(early, late, return_exceptions=True)] == [RuntimeError] * 2
    assert loader.batches == []


@pytest.mark.parametrize("is_abandoned", [False, True])
async def test_a_failure_that_an_executor_has_left_behind_is_not_reported_by_the_loop(is_abandoned: bool) -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    loader = Recorder(failing)
    loader.load(1)
    if is_abandoned:
        loader.abandon()
    await asyncio.sleep(0.01)
    gc.collect()
    assert reported == []


async def test_what_is_told_from_elsewhere_is_not_fetched() -> None:
    loader = Recorder()
    loader.prime_all({1: "one", 2: None})
    assert await loader.load_many([1, 2, 3]) == ["one", None, 30]

    loader.prime_all({3: "three", 4: "four"})
    assert await loader.load_many([1, 2, 3, 4]) == ["one", None, 30, "four"]
    assert loader.batches == [[3]]


async def test_a_cancelled_batch_is_an_ordinary_error_for_its_callers() -> None:
    def cancelled(keys: list[int]) -> Sequence[Any]:
        raise asyncio.CancelledError

    loader = Recorder(cancelled)

    with pytest.raises(RuntimeError, match="cancelled"):
        await loader.load(1)
    assert isinstance((await loader.load_batch([1]))[0], RuntimeError)


@dataclass
class Context:
    """A request's context in small: what the fetches below read, and the statements they would have made."""

    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    asked: list[list[int]] = field(default_factory=list[list[int]])

    def __post_init__(self) -> None:
        declared = {
            "people": by_id(people),
            "reports": many_by(reports, key="manager"),
            "counts": count_by(report_counts),
            "mapped": count_by(mapped_counts),
            "strangers": many_by(strangers, key="id"),
        }
        self.loaders = Loaders(self, declared)


async def people(ctx: Context, keys: list[int]) -> list[dict[str, Any]]:
    ctx.asked.append(keys)
    return [row for row in ctx.rows if row["id"] in keys]


async def reports(ctx: Context, keys: list[int]) -> list[dict[str, Any]]:
    return [row for row in ctx.rows if row["manager"] in keys]


async def report_counts(ctx: Context, keys: list[int]) -> list[tuple[int, int]]:
    return [(key, n) for key in keys if (n := sum(row["manager"] == key for row in ctx.rows))]


async def mapped_counts(ctx: Context, keys: list[int]) -> dict[int, int]:
    return dict(await report_counts(ctx, keys))


async def strangers(ctx: Context, keys: list[int]) -> list[dict[str, Any]]:
    return [{"id": -1}]


STAFF = [{"id": 1, "manager": None}, {"id": 3, "manager": 1}, {"id": 2, "manager": 1}]


async def test_declared_loaders_answer_in_the_order_of_the_keys() -> None:
    loaders = Context(STAFF).loaders

    assert await loaders["people"].load_many([2, 9, 1]) == [STAFF[2], None, STAFF[0]]
    assert await loaders["reports"].load_many([2, 1]) == [[], [STAFF[1], STAFF[2]]]
    assert await loaders["counts"].load_many([2, 1]) == [0, 2]
    assert await loaders["mapped"].load_many([2, 1]) == [0, 2]


async def test_a_row_that_was_not_asked_for_is_an_error() -> None:
    with pytest.raises(KeyError):
        await Context().loaders["strangers"].load(1)


async def test_a_context_has_one_loader_of_a_name() -> None:
    loaders = Context().loaders

    assert loaders["people"] is loaders["people"]
    assert loaders["people"] is not Context().loaders["people"]
    with pytest.raises(KeyError, match="declared are counts, mapped, people"):
        loaders["poeple"]


async def test_loaders_forget_at_once_what_they_have_loaded() -> None:
    ctx = Context([{"id": 1, "manager": None, "name": "Ann"}])
    loader = ctx.loaders["people"]
    await loader.load(1)

    ctx.rows = [{"id": 1, "manager": None, "name": "Ann Lee"}]
    assert (await loader.load(1))["name"] == "Ann"
    ctx.loaders.clear()

    assert (await loader.load(1))["name"] == "Ann Lee"
    assert ctx.asked == [[1], [1]]


class Shared(Loader[None, int, str]):
    async def batch_load_fn(self, keys: list[int]) -> list[str | Exception]:
        await asyncio.sleep(0.01)
        return [f"value {key}" for key in keys]


@strawberry.type
class Doomed:
    @strawberry.field
    async def value(self, info: Info[Any, None]) -> str:
        return await info.context["loader"].load(1)

    @strawberry.field
    async def fails(self) -> str:
        await asyncio.sleep(0.001)
        raise LookupError("this field is not null and fails first")


@strawberry.type
class Query:
    @strawberry.field
    def doomed(self) -> Doomed | None:
        return Doomed()

    @strawberry.field
    async def other(self, info: Info[Any, None]) -> str:
        return await info.context["loader"].load(1)


OPERATION = "{ doomed { value fails } other }"


async def test_a_failing_sibling_does_not_take_the_value_from_another_branch() -> None:
    """The executor cancels `doomed.value` when `doomed.fails` fails; `other` waits for the same key."""
    result = await strawberry.Schema(Query).execute(OPERATION, context_value={"loader": Shared(None)})

    assert result.data == {"doomed": None, "other": "value 1"}
    assert [error.path for error in result.errors or []] == [["doomed", "fails"]]


async def test_the_parent_class_loses_that_request() -> None:
    """Why the shield is there: were this to pass one day without it, it could go."""

    async def load(keys: list[int]) -> list[str]:
        await asyncio.sleep(0.01)
        return [f"value {key}" for key in keys]

    loader: DataLoader[int, str] = DataLoader(load)

    with pytest.raises(asyncio.CancelledError):
        await strawberry.Schema(Query).execute(OPERATION, context_value={"loader": loader})


def test_a_value_is_read_from_whatever_holds_it() -> None:
    @dataclass
    class Row:
        keys: str

    assert [read({"items": 1}, "items"), read(Row("attribute"), "keys")] == [1, "attribute"]
    with pytest.raises(KeyError):
        read({}, "items")
    with pytest.raises(AttributeError):
        read(Row(""), "items")
