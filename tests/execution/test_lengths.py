"""Lists without pages: how long they may get is declared, and weighed."""

from typing import Any

import pytest
import strawberry

from execution.documents import core_schema
from execution.fields import batched, column, computed, relation
from execution.lengths import at_most, unbounded_lists
from execution.limits import LimitExceeded, Limits
from execution.survey import check_document
from execution.weights import Weight
from tests.execution.weighing import parse_text


async def friends(ctx: Any, rows: list[Any]) -> list[list[Any]]:
    return [[] for _ in rows]


@strawberry.type
class Holder:
    name: str = column("Who.")
    chain: list["Holder"] = batched(friends, description="Those above.", most=64)


@strawberry.type
class Entry:
    holders: list[Holder] = column("Who holds it.", most=20, usual=2)
    tags: list[str] = computed(lambda row: [], description="Words.", most=30)
    comments: list[Holder] | None = relation("comments", key="id", many=True, description="Said.", most=50)


@strawberry.type
class HolderConnection:
    edges: list[Holder] = column("A page.")
    nodes: list[Holder] = column("A page.")


@strawberry.type
class RenamePayload:
    errors: list[Holder] = column("A handful.")


@strawberry.type
class Query:
    holder: Holder = column("One.")

    @strawberry.field(metadata=at_most(2_000))
    def entries(self) -> list[Entry]:
        return []

    @strawberry.field
    def page(self, first: int | None = None) -> HolderConnection:
        return HolderConnection()

    @strawberry.field
    def plain(self, first: int | None = None) -> list[Holder]:
        return []

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Holder | None]:
        return []

    @strawberry.field
    def rename(self) -> RenamePayload:
        return RenamePayload()


schema = core_schema(strawberry.Schema(Query))


def weigh(text: str) -> Weight:
    return check_document(parse_text(text, Limits()), schema, None, None, Limits())


@pytest.mark.parametrize(
    ("text", "nodes", "objects"),
    [
        ("{ holder { chain { name } } }", 64, 1 + 64),
        ("{ entries { holders { name } } }", 2_000 * 2, 2_000 * (1 + 2)),
        ("{ entries { comments { name } } }", None, None),
        ("{ entries { holders { chain { name } } } }", None, None),
        ("{ a: entries { tags } }", None, None),
        ("{ page(first: 7) { nodes { chain { name } } } }", 7 * 64, 7 * (1 + 64)),
        ("{ page(first: 7) { edges { name } } }", 7, 7),
        ("{ plain(first: 7) { name } }", 7, 7),
        ("{ plain { name } }", 20, 20),
        ("{ nodes(ids: [1, 2, 3]) { chain { name } } }", 3 * 64, 3 * 64),
        ("{ rename { errors { name } } }", 20, 1 + 20),
    ],
)
def test_a_list_weighs_its_declared_length(text: str, nodes: int | None, objects: int | None) -> None:
    if nodes is None:
        with pytest.raises(LimitExceeded) as caught:
            weigh(text)
        assert (caught.value.extensions or {})["code"] == "QUERY_TOO_COMPLEX"
    else:
        weight = weigh(text)
        assert (weight.nodes, weight.objects) == (nodes, objects)


def test_values_of_a_list_are_objects_but_no_nodes() -> None:
    with pytest.raises(LimitExceeded) as caught:
        weigh("{ entries { tags } }")

    assert (caught.value.limit, caught.value.measured) == ("objects", 2_000 * (1 + 30))


def test_all_lists_of_this_schema_are_bounded() -> None:
    assert unbounded_lists(schema) == []


@strawberry.interface
class Forgetful:
    names: list[str] = column("Forgotten.")


@strawberry.type
class Forgotten(Forgetful):
    maybe: list[Holder | None] | None = column("Forgotten, too.")
    nodes: list[Holder] = column("Of no connection.")
    errors: list[Holder] = column("Of no payload.")
    kept: list[Holder] = column("Declared.", most=3)

    @strawberry.field
    def chosen(self, kinds: list[str] | None = None) -> list[Holder]:
        return []


@strawberry.type
class Lists:
    forgotten: Forgotten = column("A type.")


def test_a_list_without_a_greatest_length_is_found() -> None:
    found = unbounded_lists(core_schema(strawberry.Schema(Lists)))

    names = [sentence.partition(" ")[0] for sentence in found]
    assert sorted(names) == [
        "Forgetful.names",
        *(f"Forgotten.{n}" for n in ("chosen", "errors", "maybe", "names", "nodes")),
    ]
    assert "declare it with `most=…`" in found[0]


def test_lengths_that_make_no_sense_are_refused() -> None:
    for most, usual in ((0, None), (5, 6), (5, 0)):
        with pytest.raises(ValueError, match=f"at most {most} "):
            column("A list.", most=most, usual=usual)
    with pytest.raises(ValueError, match="greatest length"):
        column("A list.", usual=2)
