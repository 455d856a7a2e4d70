"""What a profile may say: each value checked by the kind of its field, before anything is stored."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from math import isfinite
from typing import Any

from execution.rows import read
from models.errors import Invalid, NotFound, Path
from models.people import BIO_MAX
from models.profiles import NUMBER_MAX, TEXT_MAX, BuiltIn, FieldKind, Stored
from models.text import clean_line, clean_optional, too_long

PRONOUNS_MAX, PHONE_MAX = 50, 50  # characters
WORKING_STYLE_MAX = 2_000  # characters
LANGUAGES_MAX = 20
INTERESTS_MAX, INTEREST_MAX = 50, 100  # interests, characters of one
LINKS_MAX, LINK_MAX = 20, 2_000  # links, characters of one
DECIMALS = Decimal(1).scaleb(-10)

PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]*[0-9)](?: ?(?:x|ext\.?) ?[0-9]{1,8})?", re.ASCII | re.IGNORECASE)
TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


@dataclass(frozen=True)
class Hours:
    """When somebody works, in their zone, such as 09:00 to 17:30; past midnight where `to` is the earlier one."""

    from_: str
    to: str


@dataclass(frozen=True)
class Given:
    """A value for a custom field: exactly one of these."""

    text: str | None = None
    number: float | None = None
    day: date | None = None
    person: uuid.UUID | None = None
    link: str | None = None


MEMBER = {
    FieldKind.TEXT: "text",
    FieldKind.CHOICE: "text",
    FieldKind.NUMBER: "number",
    FieldKind.DATE: "date",
    FieldKind.PERSON: "personId",
    FieldKind.LINK: "link",
}
"""The member of the input in which each kind is given."""


def built_in(field: BuiltIn, value: Any, path: Path) -> Any:
    """The value of a built-in field as it is stored; None empties it. Raises `Invalid`."""
    match field:
        case BuiltIn.BIO:
            return "" if value is None else clean_optional(value, most=BIO_MAX, path=path, what="The bio")
        case BuiltIn.LANGUAGES | BuiltIn.INTERESTS | BuiltIn.LINKS:
            return [] if value is None else LISTS[field](value, path)
        case _ if value is None:
            return None
        case BuiltIn.PRONOUNS:
            return clean_line(value, most=PRONOUNS_MAX, path=path, what="The pronouns")
        case BuiltIn.PHONE:
            return _phone(value, path)
        case BuiltIn.TIME_ZONE:
            return value
        case BuiltIn.WORKING_STYLE:
            return clean_optional(value, most=WORKING_STYLE_MAX, path=path, what="The working style") or None
        case BuiltIn.WORKING_HOURS:
            return _hours(value, path)
        case _:
            raise Invalid("This field is not changed here: it is HR's or an upload's.", path)


def said(row: Any, field: BuiltIn) -> Any:
    """What a built-in field of a person's row says, as `built_in` gives it."""
    if field is BuiltIn.WORKING_HOURS:
        works_from, works_to = read(row, "works_from"), read(row, "works_to")
        return Hours(works_from, works_to) if works_from and works_to else None
    value = read(row, field.value)
    return list(value) if isinstance(value, list | tuple) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def custom(definition: Any, given: Given, visible: Collection[uuid.UUID], path: Path) -> Stored | None:
    """The value of a custom field as it is stored; None where it is empty.

    `visible` are the people whom the writer sees. Raises `Invalid`, or `NotFound` for a person who is not among them.
    """
    kind, name = FieldKind(read(definition, "kind")), read(definition, "name")
    path = [*path, "value", MEMBER[kind]]
    match kind, given:
        case FieldKind.TEXT, Given(text=str(text)):
            cleaned = clean_optional(text, most=TEXT_MAX, path=path, what=name)
            return (cleaned, None, None, None) if cleaned else None
        case FieldKind.CHOICE, Given(text=str(text)):
            return (_choice(text, read(definition, "choices"), name, path), None, None, None)
        case FieldKind.LINK, Given(link=str(link)):
            return (_web(link, path, name), None, None, None)
        case FieldKind.NUMBER, Given(number=number) if number is not None:
            return (None, exact(number, path, name), None, None)
        case FieldKind.DATE, Given(day=date() as day):
            return (None, None, day, None)
        case FieldKind.PERSON, Given(person=uuid.UUID() as person):
            if person not in visible:
                raise NotFound("This person does not exist or is not visible to you.", path)
            return (None, None, None, person)
        case _:
            raise Invalid(f"{name} is a field of the kind {kind}: give its value as `{MEMBER[kind]}`.", path)


def exact(number: float, path: Path, name: str) -> Decimal:
    """A number as it is stored: with ten decimals at most. Raises `Invalid`."""
    if not isfinite(number) or abs(number) >= NUMBER_MAX:
        raise Invalid(f"{name} has at most 15 digits before the point.", path)
    return Decimal(repr(number)).quantize(DECIMALS, ROUND_HALF_EVEN).normalize() + 0  # no minus before a zero


def _choice(text: str, choices: Sequence[str], name: str, path: Path) -> str:
    if text not in choices:
        shown = ", ".join(choices[:10]) + (" …" if len(choices) > 10 else "")
        raise Invalid(f"{name} has no such choice. Take one of: {shown}.", path)
    return text


def _phone(value: str, path: Path) -> str:
    phone = clean_line(value, most=PHONE_MAX, path=path, what="The phone number")
    if not PHONE.fullmatch(phone) or sum(sign.isdigit() for sign in phone) < 3:
        raise Invalid("This is not a phone number. Write one like +41 44 668 18 00.", path)
    return phone


def _hours(value: Hours, path: Path) -> Hours:
    for name, time in (("from", value.from_), ("to", value.to)):
        if not TIME.fullmatch(time):
            raise Invalid("A time of day is written like 09:00, from 00:00 to 23:59.", [*path, name])
    if value.from_ == value.to:
        raise Invalid("The working hours end when they begin. Give two times of day.", [*path, "to"])
    return value


def _web(value: str, path: Path, what: str = "The link") -> str:
    if len(value) > LINK_MAX:
        raise Invalid(too_long(what, len(value), LINK_MAX), path)
    if not value.lower().startswith(("https://", "http://")):
        raise Invalid("A link begins with https:// or http://.", path)
    return value


def _links(values: Sequence[str], path: Path) -> list[str]:
    return _distinct([_web(value, [*path, i]) for i, value in enumerate(values)], LINKS_MAX, path, "links")


def _languages(values: Sequence[str], path: Path) -> list[str]:
    return _distinct(values, LANGUAGES_MAX, path, "languages")


def _interests(values: Sequence[str], path: Path) -> list[str]:
    cleaned = [
        clean_line(value, most=INTEREST_MAX, path=[*path, i], what="An interest") for i, value in enumerate(values)
    ]
    first: dict[str, str] = {}
    for interest in cleaned:
        first.setdefault(interest.casefold(), interest)
    return _distinct(list(first.values()), INTERESTS_MAX, path, "interests")


def _distinct(values: Sequence[str], most: int, path: Path, what: str) -> list[str]:
    """The values in their order, each once."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) > most:
        raise Invalid(f"There are {len(distinct)} {what}; at most {most} are allowed. Leave some out.", path)
    return distinct


LISTS = {BuiltIn.LANGUAGES: _languages, BuiltIn.INTERESTS: _interests, BuiltIn.LINKS: _links}
