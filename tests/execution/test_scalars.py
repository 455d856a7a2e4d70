"""The scalars in a schema: their names, their specifications, and that each is strict in every way a value comes in."""

import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from execution.documents import Documents
from execution.scalars import HTML, SCALARS, URL, EmailAddress, Locale, Markdown, TimeZone


@strawberry.input
class Everything:
    at: datetime | None = None
    on: date | None = None
    url: URL | None = None
    email: EmailAddress | None = None
    locale: Locale | None = None
    zone: TimeZone | None = None
    body: Markdown | None = None
    html: HTML | None = None


@strawberry.type
class Echo:
    at: datetime | None
    on: date | None
    url: URL | None
    email: EmailAddress | None
    locale: Locale | None
    zone: TimeZone | None
    body: Markdown | None
    html: HTML | None


@strawberry.type
class Query:
    @strawberry.field
    def echo(self, input: Everything) -> Echo:
        given: Any = vars(input) | {"html": HTML("<p>made here</p>")}
        return Echo(**given)

    @strawberry.field
    def local(self) -> datetime:
        return datetime(2026, 12, 24, 12, tzinfo=timezone(timedelta(hours=1)))

    @strawberry.field
    def naive(self) -> datetime | None:
        return datetime(2026, 12, 24, 12)


def a_schema() -> strawberry.Schema:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS), extensions=[Documents().extension])


schema = a_schema()
SELECTION = "{ at on url email locale zone body html }"
BY_VARIABLE = f"query ($input: Everything!) {{ echo(input: $input) {SELECTION} }}"


async def test_names_and_specifications() -> None:
    result = await schema.execute("{ __schema { types { kind name specifiedByURL description } } }")
    assert result.data
    scalars = {row["name"]: row for row in result.data["__schema"]["types"] if row["kind"] == "SCALAR"}
    built_in = {"String", "Boolean", "Int", "ID", "Float"}

    assert {name: row["specifiedByURL"] for name, row in scalars.items() if name not in built_in} == {
        "DateTime": "https://scalars.graphql.org/chillicream/date-time.html",
        "Date": "https://scalars.graphql.org/andimarek/local-date.html",
        "URL": "https://scalars.graphql.org/chillicream/url.html",
        "EmailAddress": "https://scalars.graphql.org/Juke-Duke/email-address.html",
        "Locale": "https://www.rfc-editor.org/info/bcp47",
        "TimeZone": "https://www.iana.org/time-zones",
        "Markdown": "https://spec.commonmark.org/",
        "HTML": "https://html.spec.whatwg.org/",
    }
    assert all(row["description"].endswith(".") for name, row in scalars.items() if name not in built_in)


GOOD = {
    "at": "2026-12-24T13:00:00.500000+01:00",
    "on": "2026-12-24",
    "url": "https://example.com/",
    "email": "ann@example.com",
    "locale": "de-ch",
    "zone": "Europe/Zurich",
    "body": "**hello**",
}
GIVEN = GOOD | {"at": "2026-12-24T12:00:00.500000Z", "locale": "de-CH", "html": "<p>made here</p>"}


async def test_values_come_in_by_variable_and_by_literal_and_go_out_in_one_form() -> None:
    literal = ", ".join(f'{name}: "{value}"' for name, value in GOOD.items())

    by_variable = await schema.execute(
        f"query ($input: Everything!) {{ echo(input: $input) {SELECTION} }}", {"input": GOOD}
    )
    by_literal = await schema.execute(f"{{ echo(input: {{{literal}}}) {SELECTION} }}")

    assert by_variable.errors is by_literal.errors is None
    assert by_variable.data == by_literal.data == {"echo": GIVEN}


BAD: list[tuple[str, Any]] = [
    ("at", "2024-01-01"), ("at", "2024-01-01T00:00:00"), ("at", 1735689600), ("on", "20240101"), ("on", 20240101),
    ("url", "javascript:alert(1)"), ("email", "ann"), ("locale", "en_US"), ("zone", "CEST"),
    ("body", 5), ("html", "<p>"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
async def test_what_is_wrong_is_refused_with_the_callers_code(name: str, value: Any) -> None:
    literal = f'"{value}"' if isinstance(value, str) else value

    by_variable = await schema.execute(BY_VARIABLE, {"input": {name: value}})
    by_literal = await schema.execute(f"{{ echo(input: {{{name}: {literal}}}) {SELECTION} }}")

    for result in (by_variable, by_literal):
        assert result.data is None
        [error] = result.errors or []
        assert error.extensions == {"code": "BAD_USER_INPUT"}


async def test_moments_go_out_in_utc_and_never_without_a_zone() -> None:
    result = await schema.execute("{ local naive }")

    assert result.data == {"local": "2026-12-24T11:00:00Z", "naive": None}
    assert "aware" in (result.errors or [])[0].message
    assert datetime(2026, 12, 24, 11, tzinfo=UTC) == datetime.fromisoformat("2026-12-24T11:00:00Z")
