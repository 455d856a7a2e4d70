"""Which selections are the same for everybody who may see what is asked about."""

from __future__ import annotations

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse, validate

from execution.documents import core_schema
from execution.sharing import Sharing
from schema.build import Schema
from tests.conftest import OPERATIONS


def sharing(schema: Schema, text: str) -> Sharing:
    """Of the one operation of a valid document."""
    document = parse(text)
    assert validate(core_schema(schema), document) == []
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    return Sharing(core_schema(schema), operation, fragments)


def of(schema: Schema, selection: str, fragments: str = "") -> Sharing:
    """Of a subscription to the feed."""
    return sharing(schema, f"subscription {{ feedUpdated {{ {selection} }} }} {fragments}")


def committed(schema: Schema, operation: str) -> Sharing:
    return sharing(schema, (OPERATIONS / f"{operation}.graphql").read_text())


@pytest.mark.parametrize(
    "kind", ["MessagePosted", "MessageEdited", "MessageDeleted", "ReadPointerMoved", "ConversationLeft", "StreamEnded"]
)
def test_what_clients_ask_of_a_conversation_is_shared(schema: Schema, kind: str) -> None:
    assert committed(schema, "streams/conversation_updated").is_shared(kind)


def test_what_reactions_there_are_is_not(schema: Schema) -> None:
    assert not committed(schema, "streams/conversation_updated").is_shared("ReactionsChanged")


def test_a_type_is_shared_by_what_is_asked_of_it_alone(schema: Schema) -> None:
    feed = committed(schema, "feed/feed_updated")

    assert feed.is_shared("PostEdited")
    assert feed.is_shared("PostRemoved")
    assert not feed.is_shared("CommentAdded")  # it asks for how many comments one sees


@pytest.mark.parametrize("unknown", ["Nonsense", "Event", "String", "EventKind"])
def test_what_is_no_type_of_things_is_not_shared(schema: Schema, unknown: str) -> None:
    assert not of(schema, "__typename").is_shared(unknown)


@pytest.mark.parametrize(
    "selection",
    [
        "__typename",
        "id cursor occurredAt actor { id name isGuest }",
        "... on PostPublished { post { id body author { name } } }",
        "same: __typename ... on PostPublished { it: post { what: body } }",
        "... { id } ... on Event { cursor } ...F",
        "...F ...F ...F",
        "... on PostPublished @include(if: true) { post { id } }",
        "... on CommentAdded { comment { viewerCanDelete } }",  # of another type
        "... on PostPublished { post { ... on Node { id } ... on Post { body } } }",
    ],
)
def test_these_are_shared(schema: Schema, selection: str) -> None:
    fragments = "fragment F on PostPublished { post { ...P } } fragment P on Post { title version }"
    assert of(schema, selection, fragments if "...F" in selection else "").is_shared("PostPublished")


@pytest.mark.parametrize(
    "selection",
    [
        "... on PostPublished { post { viewerCanUpdate } }",
        "... on PostPublished { post { id reactions { emoji } } }",
        "... on PostPublished { post { commentCount } }",
        "... on PostPublished { post { body: viewerCanReact } }",
        "... on PostPublished { post { author { name employeeId } } }",
        "... on PostPublished { post { author { viewerIsFollowing } } }",
        "actor { name manager { name } }",
        "... on Event { actor { photoUrl: employeeId } }",
        "... { ... { ... on Event { ... on PostPublished { post { viewerCanUpdate } } } } }",
        "...F",
        "... on PostPublished { post { ... on Reactable { reactions { count } } } }",
        "... on PostPublished { post { viewerCanUpdate @include(if: false) } }",
        "... on PostPublished { post { comments(first: 1) { nodes { id } } } }",
    ],
)
def test_these_are_not(schema: Schema, selection: str) -> None:
    fragments = (
        "fragment F on PostPublished { post { ...P } }"
        " fragment P on Post { title ...Q } fragment Q on Post { viewerCanUpdate }"
    )

    assert not of(schema, selection, fragments if "...F" in selection else "").is_shared("PostPublished")


def test_what_it_finds_does_not_depend_on_what_was_asked_before(schema: Schema) -> None:
    text = "fragment P on Post { body ...Q } fragment Q on Post { viewerCanUpdate }"
    found = of(schema, "... on PostPublished { post { ...P } } ... on PostEdited { post { title } }", text)

    assert [found.is_shared(kind) for kind in ("PostEdited", "PostPublished", "PostEdited", "PostPublished")] == [
        True,
        False,
        True,
        False,
    ]
