"""People as documents: of the company, and its guests; those who have left stay to be found."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

import asyncpg

from models import db
from models.audiences import COMPANY
from models.profiles import PUBLIC_WORDS, BuiltIn, public
from models.skills import SKILL_WORDS
from search.engine import Document
from search.plain import plain

KIND = "PERSON"
LIVING = "NOT r.planned"
"""Of a row `r`: it has a document."""

_SHOWN = ", ".join(f"'{field}'" for field in (BuiltIn.EMAIL, BuiltIn.LOCATION, BuiltIn.BIO, BuiltIn.INTERESTS))

_FIELDS = f"""(
    SELECT coalesce(hashtextextended(string_agg(coalesce(f.builtin, f.id::text), ' ' ORDER BY f.id), 0), 0)
    FROM profile_field f
    WHERE CASE WHEN f.builtin IS NULL
        THEN f.visibility = 'PUBLIC' AND f.deleted_at IS NULL AND f.kind IN ('TEXT', 'CHOICE')
        ELSE f.visibility <> 'PUBLIC' AND f.builtin IN ({_SHOWN}) END)"""
"""An expression, of no row: which fields of profiles are in documents now. 0 while a company has changed nothing."""

_SKILLS = """coalesce((
    SELECT bit_xor(hashtextextended(h.skill_id::text, 0)) FROM person_skill h WHERE h.person_id = {person}.id), 0)"""


def edition(person: str) -> str:
    """An expression over the table of people `person`: what their document says that their row's version does not."""
    return f"(({_FIELDS} # {_SKILLS.format(person=person)}) & {2**63 - 1})"


EDITION = edition("r")

# What not everybody sees is in no document, not even for those who see it.
ROWS = f"""
SELECT p.id, p.name, p.title, p.version, p.active, p.is_guest, p.unit_id, u.name AS unit, {SKILL_WORDS} AS skills,
       ARRAY(SELECT h.skill_id FROM person_skill h WHERE h.person_id = p.id ORDER BY h.skill_id) AS skill_ids,
       {public(BuiltIn.EMAIL, "p.email")} AS email,
       {public(BuiltIn.LOCATION, "p.location")} AS location,
       {public(BuiltIn.BIO, "p.bio")} AS bio,
       {public(BuiltIn.INTERESTS, "array_to_string(p.interests, ', ')")} AS interests,
       {PUBLIC_WORDS} AS said, {edition("p")} AS edition
FROM person p LEFT JOIN org_unit u ON u.id = p.unit_id
WHERE p.id = ANY($1::uuid[]) AND NOT p.planned
"""


async def documents(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these people who have joined."""
    return [_document(row, with_unit=True) for row in await db.rows(ROWS, list(ids))]


async def without_units(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The same for those who do not see the chart: nobody is found by their unit."""
    return [_document(row, with_unit=False) for row in await db.rows(ROWS, list(ids))]


def _document(row: asyncpg.Record, *, with_unit: bool) -> Document:
    unit = row["unit"] if with_unit else None
    known_by = (row["title"], unit, row["location"], row["skills"], *_addresses(row["email"]))
    said = (plain(row["bio"] or ""), row["interests"], row["said"])
    return Document(
        KIND,
        row["id"],
        row["version"],
        (COMPANY,),
        title=row["name"],
        keywords=", ".join(filter(None, known_by)),
        body="\n".join(filter(None, said)),
        terms=tuple(term for term in _terms(row) if with_unit or not term.startswith("unit:")),
        edition=row["edition"],
    )


def _addresses(email: str | None) -> tuple[str, ...]:
    """An e-mail address, and what stands before its @, by which colleagues know each other."""
    return (email.partition("@")[0], email) if email else ()


def _terms(row: asyncpg.Record) -> Iterator[str]:
    yield "person:LEFT" if not row["active"] else "person:GUEST" if row["is_guest"] else "person:ACTIVE"
    if row["unit_id"]:
        yield f"unit:{row['unit_id']}"
    if row["location"]:
        yield f"location:{row['location']}"
    for skill in row["skill_ids"]:
        yield f"skill:{skill}"
