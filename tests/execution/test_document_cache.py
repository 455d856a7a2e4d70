"""The cache of documents, with the extension that uses it and the validation that fills it."""

from collections.abc import AsyncIterator, Iterator
from enum import Enum
from typing import Any, cast

import pytest
import strawberry
from graphql import DocumentNode, GraphQLError, NameNode, OperationDefinitionNode, ValidationRule, parse
from strawberry.extensions import AddValidationRules, SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types.execution import ExecutionResult

from execution.documents import Documents, Known, core_schema
from execution.limits import TRUSTED, Limits
from execution.survey import Survey
from execution.validation import QuietExecutor, validate


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.type
class Person:
    name: str = "Ann"

    @strawberry.field
    def manager(self) -> "Person":
        return Person()

    @strawberry.field
    def friends(self, first: int = 20) -> "list[Person]":
        return [Person()][:first]


@strawberry.input
class Filter:
    name: strawberry.Maybe[str]


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self, colour: Colour | None = None, filter: Filter | None = None) -> Person:
        return Person()

    @strawberry.field
    def text(self, value: str) -> str:
        return value


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        for tick in range(2):
            yield tick


OPERATIONS: list[OperationDefinitionNode] = []


class Witness(SchemaExtension):
    """Notes the operations that were executed."""

    def on_execute(self) -> Iterator[None]:
        document = self.execution_context.graphql_document
        assert document
        OPERATIONS.extend(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
        yield


def a_schema(documents: Documents) -> strawberry.Schema:
    return strawberry.Schema(
        Query,
        subscription=Subscription,
        extensions=[documents.extension, Witness],
        execution_context_class=cast("Any", QuietExecutor),
        config=StrawberryConfig(disable_field_suggestions=True),
    )


def codes(result: ExecutionResult) -> list[Any]:
    return [(error.extensions or {}).get("code") for error in result.errors or []]


async def test_the_same_text_is_the_same_operation() -> None:
    documents = Documents()
    schema = a_schema(documents)
    OPERATIONS.clear()

    for _ in range(3):
        result = await schema.execute("{ viewer { name } }")
        assert result.data == {"viewer": {"name": "Ann"}}

    assert len({id(operation) for operation in OPERATIONS}) == 1
    assert (documents.hits, documents.misses, len(documents), documents.text) == (2, 1, 1, 19)


def test_it_serves_synchronous_execution_too() -> None:
    documents = Documents()
    schema = a_schema(documents)

    assert schema.execute_sync("{ text(value: 1) }").errors
    assert schema.execute_sync('{ text(value: "1") }').data == {"text": "1"}
    assert schema.execute_sync('{ text(value: "1") }').data == {"text": "1"}
    assert (documents.hits, documents.misses, len(documents)) == (1, 2, 1)


async def test_a_subscription_takes_its_document_from_the_cache() -> None:
    documents = Documents()
    schema = a_schema(documents)

    for _ in range(2):
        results = [result async for result in await schema.subscribe("subscription { ticks }")]
        assert [cast("ExecutionResult", result).data for result in results] == [{"ticks": 0}, {"ticks": 1}]

    assert (documents.hits, documents.misses) == (1, 1)


async def test_one_text_of_two_schemas_is_two_documents() -> None:
    documents = Documents()

    await a_schema(documents).execute("{ viewer { name } }")
    await a_schema(documents).execute("{ viewer { name } }")

    assert (documents.hits, len(documents)) == (0, 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ viewer { nmae } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { name }", "GRAPHQL_PARSE_FAILED"),
        ("{ viewer { " + "manager { " * 15 + "name" + " }" * 15 + " } }", "QUERY_TOO_COMPLEX"),
        ("{ viewer { friends(first: 101) { name } } }", "BAD_USER_INPUT"),
        ("{ viewer { " + "name " * 4_000 + "} }", "QUERY_TOO_COMPLEX"),
        ("{ viewer(filter: {name: null}) { name } }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ text(value: "\\u0000") }', "BAD_USER_INPUT"),
    ],
)
async def test_what_is_refused_is_not_kept(text: str, code: str) -> None:
    documents = Documents()
    schema = a_schema(documents)

    for _ in range(2):
        result = await schema.execute(text)
        assert result.data is None
        assert codes(result) == [code]

    assert (len(documents), documents.misses) == (0, 2)


async def test_a_subscription_is_refused_as_a_query_is() -> None:
    schema = a_schema(Documents())

    for text, code in (
        ("subscription { ticks", "GRAPHQL_PARSE_FAILED"),
        ("subscription { ticks" + " " + "ticks " * 5_000 + "}", "QUERY_TOO_COMPLEX"),
        ("subscription { ticks again: ticks }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { tocks }", "GRAPHQL_VALIDATION_FAILED"),
    ):
        [result] = [result async for result in await schema.subscribe(text)]
        assert codes(cast("ExecutionResult", result)) == [code]


async def test_variables_are_checked_of_known_documents_too() -> None:
    documents = Documents()
    schema = a_schema(documents)
    text = (
        'query ($first: Int!, $value: String = "") { viewer { friends(first: $first) { name } } text(value: $value) }'
    )

    first = await schema.execute(text, {"first": 1})
    second = await schema.execute(text, {"first": 101})
    third = await schema.execute(text, {"first": 1, "v": "\0"})

    assert first.errors is None
    assert (codes(second), codes(third)) == (["BAD_USER_INPUT"], ["BAD_USER_INPUT"])
    assert (documents.hits, documents.misses) == (2, 1)


async def test_several_operations_need_a_name() -> None:
    schema = a_schema(Documents())
    text = "query A { viewer { name } } query B { viewer { __typename } }"

    for _ in range(2):
        assert codes(await schema.execute(text)) == ["GRAPHQL_VALIDATION_FAILED"]
        assert (await schema.execute(text, operation_name="B")).data == {"viewer": {"__typename": "Person"}}


async def test_nobody_learns_names_by_guessing() -> None:
    schema = a_schema(Documents())

    for text, variables in (
        ("{ viewer { nam } }", {}),
        ("{ viwer { name } }", {}),
        ("{ viewer(colur: RED) { name } }", {}),
        ("{ viewer(colour: RAD) { name } }", {}),
        ("query ($c: Colour) { viewer(colour: $c) { name } }", {"c": "RAD"}),
        ("query ($f: Filter) { viewer(filter: $f) { name } }", {"f": {"nam": "Ann"}}),
    ):
        result = await schema.execute(text, cast("dict[str, Any]", variables))
        assert result.errors
        assert "Did you mean" not in result.errors[0].message


def test_validation_stops_after_five_errors() -> None:
    schema = core_schema(a_schema(Documents()))
    document = parse("{ viewer { " + " ".join(f"x{i}" for i in range(50)) + " } }")

    errors = validate(schema, document)

    assert len(errors) == 6
    assert errors[-1].message == "Too many validation errors, error limit reached. Validation aborted."
    assert {(error.extensions or {})["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}


def known(schema: strawberry.Schema, text: str, limits: Limits) -> Known:
    document = parse(text)
    return Known(document, Survey(document, core_schema(schema), limits))


async def test_a_trusted_document_may_be_put_in_beforehand() -> None:
    documents = Documents()
    schema = a_schema(documents)
    text = "{ viewer { " + "manager { " * 15 + "name" + " }" * 15 + " } }"

    documents.keep(schema, text, known(schema, text, TRUSTED))

    assert (await schema.execute(text)).errors is None


def test_the_least_recently_used_goes_first() -> None:
    documents = Documents(entries=2)
    schema = a_schema(documents)
    a, b, c = "{ a: __typename }", "{ b: __typename }", "{ c: __typename }"

    documents.keep(schema, a, known(schema, a, Limits()))
    documents.keep(schema, b, known(schema, b, Limits()))
    documents.find(schema, a)
    documents.keep(schema, c, known(schema, c, Limits()))

    assert [documents.find(schema, text) is not None for text in (a, b, c)] == [True, False, True]
    assert (len(documents), documents.text) == (2, len(a) + len(c))


def test_long_texts_push_out_more_than_one() -> None:
    documents = Documents(text=60)
    schema = a_schema(documents)
    short = [f"{{ x{i}: __typename }}" for i in range(3)]  # 18 characters each
    long, too_long = short[0] + " " * 20, short[0] + " " * 60

    for text in (*short, short[0], long, too_long):
        documents.keep(schema, text, known(schema, text, Limits()))

    assert [documents.find(schema, text) is not None for text in (*short, long)] == [False, False, True, True]
    assert documents.text == 18 + 38
    assert documents.find(schema, too_long) is None


async def test_another_extension_may_bring_the_document() -> None:
    class Bringer(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            self.execution_context.graphql_document = BROUGHT
            yield

    documents = Documents()
    schema = strawberry.Schema(Query, extensions=[Bringer, documents.extension])

    assert (await schema.execute(None)).data == {"viewer": {"name": "Ann"}}
    assert (documents.hits, documents.misses, len(documents)) == (0, 0, 0)


BROUGHT: DocumentNode = parse("{ viewer { name } }")


async def test_what_another_extension_refuses_is_not_kept() -> None:
    class Refusing(SchemaExtension):
        def on_validate(self) -> Iterator[None]:
            self.execution_context.pre_execution_errors = [GraphQLError("closed")]
            yield

    documents = Documents()
    for extensions in ([Refusing, documents.extension], [documents.extension, Refusing]):
        result = await strawberry.Schema(Query, extensions=extensions).execute("{ viewer { name } }")

        assert [error.message for error in result.errors or []] == ["closed"]
        assert len(documents) == 0


class NoNames(ValidationRule):
    def enter_name(self, node: NameNode, *_: Any) -> None:
        if node.value == "name":
            self.report_error(GraphQLError("no names", node))


async def test_rules_that_another_extension_adds_are_applied() -> None:
    documents = Documents()
    extensions = [lambda: AddValidationRules([NoNames]), documents.extension]
    schema = strawberry.Schema(Query, extensions=extensions)

    for _ in range(2):
        result = await schema.execute("{ viewer { name } }")
        assert [error.message for error in result.errors or []] == ["no names"]
    assert (await schema.execute("{ viewer { __typename } }")).errors is None
    assert len(documents) == 1
