"""Declared fields under the reference executor, and the declarations that another executor reads."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import get_object_definition

from execution.declared_loaders import Loaders, by_id, many_by
from execution.fields import Batched, Column, Computed, Relation, batched, column, computed, declared, read, relation

Row = dict[str, Any]


@dataclass
class Context:
    """Where the fetches below note what they were asked."""

    posts: list[Any]
    asked: list[tuple[str, list[Any]]] = field(default_factory=list[tuple[str, list[Any]]])

    def __post_init__(self) -> None:
        self.loaders = Loaders(self, {"people": by_id(people), "comments": many_by(comments, key="post_id")})


PEOPLE = [{"id": 1, "full_name": "Ann"}, {"id": 2, "full_name": "Bob"}]
COMMENTS = [
    {"id": 11, "post_id": 101, "author_id": 2, "body": "first"},
    {"id": 12, "post_id": 101, "author_id": 1, "body": "second"},
]
POSTS: list[Any] = [
    {"id": 101, "title": "one", "author_id": 1, "thread_id": 101},
    {"id": 102, "title": "two", "author_id": None, "thread_id": None},
    {"id": 103, "title": "three", "author_id": 9, "thread_id": 103},
]


async def people(ctx: Context, keys: list[int]) -> list[Row]:
    ctx.asked.append(("people", keys))
    return [row for row in PEOPLE if row["id"] in keys]


async def comments(ctx: Context, keys: list[int]) -> list[Row]:
    ctx.asked.append(("comments", keys))
    return [row for row in COMMENTS if row["post_id"] in keys]


async def comment_counts(ctx: Context, posts: list[Any]) -> list[int]:
    ctx.asked.append(("counts", [read(post, "id") for post in posts]))
    return [sum(comment["post_id"] == read(post, "id") for comment in COMMENTS) for post in posts]


async def too_few(ctx: Context, posts: list[Any]) -> list[int]:
    return []


def shout(post: Any) -> str:
    return str(read(post, "title")).upper()


@strawberry.type
class Person:
    id: int = column("Who.")
    name: str = column("As written.", source="full_name")
    old_name: str | None = column("As written.", source="full_name", deprecated="Use Person.name.")


@strawberry.type
class Comment:
    body: str = column("What was said.")
    author: Person | None = relation("people", key="author_id", description="Who said it.")


@strawberry.type
class Post:
    title: str = column("What about.")
    author: Person | None = relation("people", key="author_id", description="Who wrote it; null once erased.")
    comments: list[Comment] = relation("comments", key="thread_id", many=True, description="Oldest first.")
    comment_count: int = batched(comment_counts, description="How many.")
    reply_count: int = batched(comment_counts, description="How many, by another field of the same function.")
    broken: int | None = batched(too_few, description="Not right.")
    headline: str = computed(shout, description="Loud.")


@strawberry.type
class Query:
    @strawberry.field
    def posts(self, info: strawberry.Info[Context, None]) -> list[Post]:
        return info.context.posts


schema = strawberry.Schema(Query, config=StrawberryConfig(default_resolver=read))


async def ask(selection: str, posts: list[Any] = POSTS) -> tuple[list[Row], Context]:
    ctx = Context(posts)
    result = await schema.execute(f"{{ posts {{ {selection} }} }}", context_value=ctx)
    assert result.errors is None
    assert result.data is not None
    return result.data["posts"], ctx


async def test_columns_are_read_by_their_own_name_or_by_their_source() -> None:
    posts, _ = await ask("title author { id name }")

    assert posts[0] == {"title": "one", "author": {"id": 1, "name": "Ann"}}


async def test_a_relation_without_a_key_or_without_a_row_is_null() -> None:
    posts, ctx = await ask("author { name }")

    assert [post["author"] for post in posts] == [{"name": "Ann"}, None, None]
    assert ctx.asked == [("people", [1, 9])]


async def test_siblings_and_their_children_are_loaded_together() -> None:
    posts, ctx = await ask("comments { body author { name } }")

    assert posts[0]["comments"] == [
        {"body": "first", "author": {"name": "Bob"}},
        {"body": "second", "author": {"name": "Ann"}},
    ]
    assert [post["comments"] for post in posts[1:]] == [[], []]
    assert ctx.asked == [("comments", [101, 103]), ("people", [2, 1])]


async def test_a_batch_is_one_call_however_often_it_is_selected() -> None:
    posts, ctx = await ask("commentCount again: commentCount")

    assert [(post["commentCount"], post["again"]) for post in posts] == [(2, 2), (0, 0), (0, 0)]
    assert ctx.asked == [("counts", [101, 102, 103])]


async def test_two_fields_of_one_function_are_two_calls() -> None:
    posts, ctx = await ask("commentCount replyCount")

    assert [post["replyCount"] for post in posts] == [2, 0, 0]
    assert ctx.asked == [("counts", [101, 102, 103])] * 2


async def test_the_number_of_calls_does_not_grow_with_the_list() -> None:
    many = [{"id": 200 + i, "title": "", "author_id": 1, "thread_id": 200 + i} for i in range(50)]

    _, ctx = await ask("author { name } comments { body } commentCount", many)

    assert sorted(name for name, _ in ctx.asked) == ["comments", "counts", "people"]


async def test_after_a_change_batches_are_asked_again_with_the_new_rows() -> None:
    _, ctx = await ask("commentCount")
    ctx.loaders.clear()

    result = await schema.execute("{ posts { commentCount } }", context_value=ctx)

    assert result.errors is None
    assert len(ctx.asked) == 2


async def test_a_batch_of_another_length_is_an_error_of_the_field() -> None:
    result = await schema.execute("{ posts { broken } }", context_value=Context(POSTS))

    assert result.data == {"posts": [{"broken": None}] * 3}
    assert "answered 0 values for 3 keys" in (result.errors or [])[0].message


async def test_a_computed_field_is_made_of_the_parent() -> None:
    posts, _ = await ask("headline")

    assert [post["headline"] for post in posts] == ["ONE", "TWO", "THREE"]


@dataclass
class PostRow:
    id: int
    title: str
    author_id: int
    thread_id: int


class PostRecord:
    """Read as a database driver's records are: by item, with `keys`, and no mapping by class."""

    def __init__(self, **values: Any) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def keys(self) -> list[str]:
        return list(self._values)


@pytest.mark.parametrize("make", [dict, PostRow, PostRecord])
async def test_rows_of_any_kind_will_do(make: Any) -> None:
    row = make(id=101, title="one", author_id=1, thread_id=101)

    posts, _ = await ask("title author { name } comments { body } commentCount", [row])

    assert posts == [
        {
            "title": "one",
            "author": {"name": "Ann"},
            "comments": [{"body": "first"}, {"body": "second"}],
            "commentCount": 2,
        }
    ]


def test_a_field_tells_how_it_was_declared() -> None:
    definition = get_object_definition(Post, strict=True)
    found = {field.python_name: declared(field) for field in definition.fields}

    assert found["title"] == Column(None)
    assert found["author"] == Relation("people", "author_id", many=False)
    assert found["comments"] == Relation("comments", "thread_id", many=True)
    assert found["headline"] == Computed(shout, None)
    assert isinstance(found["comment_count"], Batched)
    assert found["comment_count"] != found["reply_count"]
    sources = [declared(field) for field in get_object_definition(Person, strict=True).fields]
    assert sources == [Column(None), Column("full_name"), Column("full_name")]
    assert declared(get_object_definition(Query, strict=True).fields[0]) is None


def test_descriptions_and_deprecations_reach_the_schema() -> None:
    sdl = schema.as_str()

    assert '"""Who wrote it; null once erased."""\n  author: Person' in sdl
    assert 'oldName: String @deprecated(reason: "Use Person.name.")' in sdl
    assert '"""Oldest first."""\n  comments: [Comment!]!' in sdl


@strawberry.interface
class Dated:
    created_at: datetime = column("When.")
    author: Person | None = relation("people", key="author_id", description="Who.")


@strawberry.type
class Note(Dated):
    body: str = column("What.")

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        return read(obj, "kind") == "note"


@strawberry.type
class Notes:
    @strawberry.field
    def notes(self) -> list[Dated]:
        rows: Any = [{"kind": "note", "author_id": 2, "body": "hi", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}]
        return rows


async def test_declared_fields_are_inherited_from_an_interface() -> None:
    notes = strawberry.Schema(Notes, types=[Note], config=StrawberryConfig(default_resolver=read))

    result = await notes.execute(
        "{ notes { author { name } createdAt ... on Note { body } } }", context_value=Context([])
    )

    assert result.errors is None
    assert result.data == {
        "notes": [{"author": {"name": "Bob"}, "createdAt": "2026-01-01T00:00:00+00:00", "body": "hi"}]
    }
