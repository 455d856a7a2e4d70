"""The scalars of the API, for `StrawberryConfig(scalar_map=SCALARS)`; each names the specification it keeps to."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NewType, cast

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from execution import values
from execution.limits import BAD_USER_INPUT

URL = NewType("URL", str)
EmailAddress = NewType("EmailAddress", str)
Locale = NewType("Locale", str)
TimeZone = NewType("TimeZone", str)
Markdown = NewType("Markdown", str)
HTML = NewType("HTML", str)


def _scalar(
    name: str,
    description: str,
    specified_by: str,
    parse: Callable[[object], object],
    serialize: Callable[[object], object] = str,
) -> ScalarDefinition:
    def parse_value(value: object) -> object:
        try:
            return parse(value)
        except values.InvalidValue as error:
            raise GraphQLError(str(error), extensions={"code": BAD_USER_INPUT}) from None

    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=specified_by,
        parse_value=parse_value,
        serialize=cast("Any", serialize),
    )


def _only_output(_: object) -> object:
    raise values.InvalidValue("HTML is what the server makes; send Markdown.")


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "A moment by RFC 3339, like `2026-12-24T12:00:00Z`; given in UTC, taken in any zone but never without one.",
        "https://scalars.graphql.org/chillicream/date-time.html",
        values.parse_datetime,
        values.format_datetime,
    ),
    date: _scalar(
        "Date",
        "A day of the calendar, like `2026-12-24`, in no zone.",
        "https://scalars.graphql.org/andimarek/local-date.html",
        values.parse_date,
        values.format_date,
    ),
    URL: _scalar(
        "URL",
        "An address that begins with `https://`, `http://` or `mailto:`; at most 2,048 characters.",
        "https://scalars.graphql.org/chillicream/url.html",
        values.parse_url,
    ),
    EmailAddress: _scalar(
        "EmailAddress",
        "An e-mail address, like `ann@example.com`; at most 254 characters.",
        "https://scalars.graphql.org/Juke-Duke/email-address.html",
        values.parse_email,
    ),
    Locale: _scalar(
        "Locale",
        "A language by BCP 47, like `en`, `de-CH` or `zh-Hant-TW`.",
        "https://www.rfc-editor.org/info/bcp47",
        values.parse_locale,
    ),
    TimeZone: _scalar(
        "TimeZone",
        "A time zone by its name in the IANA database, like `Europe/Zurich`.",
        "https://www.iana.org/time-zones",
        values.parse_time_zone,
    ),
    Markdown: _scalar(
        "Markdown",
        "Text as it was written, in CommonMark.",
        "https://spec.commonmark.org/",
        values.parse_text,
    ),
    HTML: _scalar(
        "HTML",
        "A fragment of HTML that the server has made and cleaned; safe to show. Never an input.",
        "https://html.spec.whatwg.org/",
        _only_output,
    ),
}
"""By the Python type of an annotation; Strawberry's own `DateTime` and `Date` are replaced."""
