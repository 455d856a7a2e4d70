"""Which posts make a page of a feed: a bounded number of rows for each audience, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from models import db
from models.audiences import NAME, NAMED

MINE = """
SELECT unnest({audiences}::uuid[]) AS id
UNION ALL
SELECT m.audience_id FROM audience_member m WHERE m.person_id = {person} AND m.listed
"""
"""The audiences of a person: those that they carry, and the lists that they are on."""

# The uncorrelated array is made once for a statement, and is empty for nearly everybody.
SHOWN = """(
    (p.author_id = ANY (ARRAY(SELECT b.person_id FROM block b WHERE b.blocker_id = {person}))) IS NOT TRUE
    OR p.kind = 'ANNOUNCEMENT'
    OR EXISTS (SELECT 1 FROM must_read r WHERE r.id = p.id AND r.waived_at IS NULL)
)"""
"""A home feed keeps silent of those whom its reader has blocked, but not of what everybody has to hear."""

# A membership filter over a newest-first scan looks cheaper and reads everything for a member of one quiet audience. So
# each audience is asked by its index: first for its newest post alone; the page can only lie in as many audiences as it
# has entries, those whose newest are the newest, and only these are read further.
HOME = f"""
SELECT p.* FROM (
    SELECT a.id FROM ({MINE.format(audiences="$1", person="$2")}) a CROSS JOIN LATERAL (
        SELECT p.published_at, p.id FROM post p
        WHERE p.audience_id = a.id AND p.status = 'PUBLISHED' AND {SHOWN.format(person="$2")}{{after}}
        ORDER BY {{order}} LIMIT 1
    ) p ORDER BY {{order}} LIMIT $3
) a CROSS JOIN LATERAL (
    SELECT p.* FROM post p
    WHERE p.audience_id = a.id AND p.status = 'PUBLISHED' AND {SHOWN.format(person="$2")}{{after}}
    ORDER BY {{order}} LIMIT $3
) p
ORDER BY {{order}} LIMIT $3
"""

OF_AUDIENCES = """
SELECT a.id AS _parent, p.*, 'Post' AS _type FROM unnest($1::uuid[]) AS a(id) CROSS JOIN LATERAL (
    SELECT p.* FROM post p WHERE p.audience_id = a.id AND p.status = 'PUBLISHED'{after} ORDER BY {order} LIMIT $2
) p
"""


# What nearly every reader of a page asks about its posts comes with them.
WITH_AUDIENCES = f"""
SELECT {{columns}}, a.kind AS _kind, {NAME} AS _name, a.open AS _open, a.read_only AS _read_only{{select}}
FROM ({{page}}) p JOIN {NAMED} ON a.id = p.audience_id{{joined}} ORDER BY {{order}}
"""


@dataclass(frozen=True)
class With:
    """What is read of the posts `p` of a page, and what else: expressions behind a comma each, and joins."""

    columns: str = "p.*, 'Post' AS _type"
    select: str = ""
    joined: str = ""


EVERYTHING = With()
"""All of each post, and nothing else."""


async def home(params: Sequence[object], *, after: str, order: str, also: With = EVERYTHING) -> list[asyncpg.Record]:
    """Published posts of somebody's audiences and of the lists they are on, without those of people they have blocked.

    `params` are the audiences, the person, how many posts at most, and those of `after` (a condition on `p` which, as
    `order` does, comes from a keyset) and of `also`.
    """
    return await db.rows(with_audiences(HOME.format(after=after, order=order), order, also), *params)


def with_audiences(page: str, order: str, also: With = EVERYTHING) -> str:
    """A statement for the posts of `page`, and of each the `_kind` and `_name` of its audience, `_open`, `_read_only`.

    `order` is that of the page, on `p`.
    """
    return WITH_AUDIENCES.format(page=page, order=order, columns=also.columns, select=also.select, joined=also.joined)


async def of_audiences(params: Sequence[object], *, after: str, order: str) -> list[asyncpg.Record]:
    """Published posts of each of some audiences, which is their `_parent`.

    As with `home`; `params` are the audiences, how many posts of each at most, and those of `after`.
    """
    return await db.rows(OF_AUDIENCES.format(after=after, order=order), *params)
