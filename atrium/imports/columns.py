"""Which column of a file means what: the headers of common HR systems, whatever their case and punctuation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from atrium.imports.report import Code, NotDone, Reason, Report

HEADERS: Mapping[str, Sequence[str]] = {
    "external_id": (
        *("external id", "id", "employee #", "employee id", "employee number", "EEID", "worker id", "person id"),
        *("person number", "personnel number", "staff id", "post unique reference"),
    ),
    "name": ("name", "display name", "full name", "employee name", "worker name", "legal name", "worker"),
    "preferred_name": ("preferred name", "preferred first name", "known as"),
    "first_name": ("first name", "given name", "forename", "legal name first name", "legal first name"),
    "last_name": ("last name", "surname", "family name", "legal name last name", "legal last name"),
    "email": (
        *("email", "work email", "email work", "email address", "business email", "primary work email"),
        *("company email", "mail"),
    ),
    "title": ("title", "job title", "business title", "position title", "position"),
    "department": ("department", "supervisory organization", "supervisory organisation", "team"),
    "org_unit": ("org unit", "division", "organization", "organisation", "business unit", "company"),
    "manager": (
        *("manager external id", "supervisor EEID", "manager employee id", "manager id", "supervisor id"),
        *("manager employee number", "supervisor employee #", "supervisor employee id", "reports to id"),
    ),
    "manager_email": ("manager email", "supervisor email", "manager work email"),
    "manager_name": ("manager", "supervisor", "reports to", "manager name", "supervisor name"),
    "location": ("location", "work location", "office", "site"),
    "active": ("active", "is active", "status", "worker status", "employment status", "employee status"),
    "left_on": ("termination date", "leaving date", "end date", "last day of work"),
    "started_on": ("start date", "hire date", "date of hire", "joining date"),
    "grade": ("grade", "job grade", "job level", "pay grade"),
    "pronouns": ("pronouns", "preferred pronouns"),
    "bio": ("bio", "about", "biography"),
    "skills": ("skills", "skill"),
    "links": ("links", "link", "website"),
    "phone": ("phone", "work phone", "telephone", "mobile phone", "mobile"),
}
"""The fields of a person, and the headers that name each; the first one found is taken."""

NOT_KEPT: Sequence[str] = (*("cost center", "cost centre", "worker type", "employment type"),)
"""Headers that we understand, but have no place for yet."""

NAMES = ("name", "preferred_name", "first_name", "last_name")


def plain(header: str) -> str:
    """A header without its case, spaces and punctuation: `Employee #` is `employeenumber`."""
    return "".join(sign for sign in header.casefold().replace("#", "number") if sign.isalnum())


MEANING = {plain(header): field for field, headers in HEADERS.items() for header in headers}
UNDERSTOOD = {plain(header) for header in NOT_KEPT}


def known(header: str) -> bool:
    """Whether we understand a header."""
    return plain(header) in MEANING or plain(header) in UNDERSTOOD


@dataclass(frozen=True)
class Columns:
    """Where in a row each field stands, and under which header."""

    places: Mapping[str, int]
    header: Sequence[str]

    def __contains__(self, field: str) -> bool:
        return field in self.places

    def cell(self, cells: Sequence[str], field: str) -> str:
        """The field's cell; empty where the file has no such column."""
        return cells[self.places[field]] if field in self.places else ""

    def title(self, field: str) -> str:
        """The field's header as the file writes it."""
        return self.header[self.places[field]] if field in self.places else field


def recognised(header: Sequence[str], report: Report) -> Columns:
    """The columns of a header; those left aside are warned of. Raises `NotDone` without an id or a name."""
    plains = [plain(title) for title in header]
    places: dict[str, int] = {}
    for field, titles in HEADERS.items():
        found = next((plains.index(p) for p in map(plain, titles) if p in plains), None)
        if found is not None:
            places[field] = found
    _require(places, header)
    for place in range(len(header)):
        if plains[place] and place not in places.values():
            _warn_of(header[place], plains[place], report)
    return Columns(places, header)


def _warn_of(title: str, plain_title: str, report: Report) -> None:
    if plain_title in UNDERSTOOD:
        message = f"The column {title} has no place yet: it was left aside."
        report.warn(1, None, Code.COLUMN_NOT_KEPT, title, message)
    elif field := MEANING.get(plain_title):
        message = f"The column {title} means {field} as another one does: it was left aside."
        report.warn(1, None, Code.DUPLICATE_COLUMN, title, message)
    else:
        message = f"The column {title} is not known: it was left aside. Rename it if it holds one of {_all(HEADERS)}."
        report.warn(1, None, Code.UNKNOWN_COLUMN, title, message)


def _require(places: Mapping[str, int], header: Sequence[str]) -> None:
    lacking: list[str] = []
    if "external_id" not in places:
        lacking.append(f"an id (one of {_all(HEADERS['external_id'])})")
    if not any(name in places for name in NAMES):
        lacking.append(f"a name (one of {_all(title for name in NAMES for title in HEADERS[name])})")
    if lacking:
        found = _all(title for title in header if title) or "nothing"
        raise NotDone(
            Reason.MISSING_COLUMN,
            f"The file has no column for {' and none for '.join(lacking)}. Its header has: {found}. Rename its columns;"
            " case, spaces and punctuation do not matter.",
        )


def _all(titles: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(titles))
