"""What files may hold beside the org chart, and its way into the tables, once the chart is written."""

from __future__ import annotations

from collections.abc import Mapping

from atrium.imports.extras_feed import AUDIENCE, COMMENT, POST
from atrium.imports.extras_own import DRAFT, remember_imports
from atrium.imports.extras_people import (
    BLOCK,
    ENDORSEMENT,
    FOLLOW,
    GUEST,
    PERSON_SKILL,
    PROFILE,
    PROFILE_FIELD,
    ROLE,
    SKILL,
)
from atrium.imports.extras_table import Extra, Given
from atrium.imports.extras_taking import begin, take
from models import db

ORDER = (
    *(PROFILE_FIELD, SKILL, GUEST, PROFILE, PERSON_SKILL, ENDORSEMENT, FOLLOW, BLOCK, ROLE, DRAFT),
    *(AUDIENCE, POST, COMMENT),
)
"""The types in the order in which they are written: what others speak of comes first."""

EXTRAS: Mapping[str, Extra] = {extra.type: extra for extra in ORDER}


OWN_ALONE = frozenset({"import_source", "imported"})


def may_hold(type: str, *, is_own: bool) -> bool:
    """Whether a file may hold records of this type beside the chart; some come only from our own exports."""
    extra = EXTRAS.get(type)
    return (is_own and type in OWN_ALONE) or (extra is not None and (is_own or not extra.own_only))


async def write_extras(staged: str, given: Given) -> None:
    """Write the records in the relation `staged` (line, type, id, fields, deleted). Wants a transaction."""
    await begin(given)
    types = {row[0] for row in await db.rows(f"SELECT DISTINCT type FROM {staged}")}
    for extra in ORDER:
        if extra.type in types and may_hold(extra.type, is_own=given.is_own):
            await take(extra, staged, given)
    if given.is_own and not given.is_dry:
        await remember_imports(staged, given)
