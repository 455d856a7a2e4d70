"""Groups and who stands where towards them, as files hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
from atrium.imports.extras.telling import WHOSE, tell
from models import db
from models.groups import (
    DESCRIPTION_MAX,
    GROUP_NAME_MAX,
    GroupRole,
    JoinPolicy,
    MembershipSource,
    MembershipStatus,
    Visibility,
)
from subscriptions.groups import GroupChanged, GroupCreated, GroupReadersChanged
from subscriptions.session import RightsChanged

# What a group of a file says may not go together: a secret one is by invitation, and only an archived one is purged.
FIT_GROUPS = (
    "UPDATE extra e SET f = f || '{\"join_policy\": \"INVITE\"}' WHERE f->>'visibility' = 'SECRET'",
    "UPDATE extra e SET f = f - 'purge_at' WHERE f->>'archived_at' IS NULL",
)
ADD_AUDIENCES = """
INSERT INTO audience (id, kind) SELECT id, 'GROUP' FROM extra WHERE is_new AND NOT deleted ON CONFLICT (id) DO NOTHING
"""
SET_AUDIENCES = """
UPDATE audience a SET open = g.visibility = 'OPEN', read_only = g.archived_at IS NOT NULL
FROM groups g JOIN extra e ON e.id = g.id WHERE a.id = g.id
RETURNING a.id, old.open <> new.open AND NOT e.is_new AS is_other
"""

# Somebody is a member since then, or not; those who are not lead nothing, and guests are guests.
FIT_MEMBERSHIPS = """
UPDATE extra e SET f = f || jsonb_build_object(
    'status', s.status, 'role', s.role,
    'joined_at', CASE WHEN s.status = 'MEMBER' THEN coalesce(f->>'joined_at', f->>'created_at', e.now::text) END)
FROM (
    SELECT x.external_id, y.status, CASE
        WHEN EXISTS (SELECT 1 FROM person p WHERE p.id = x.ref_person AND p.is_guest) THEN 'GUEST'
        WHEN y.status = 'MEMBER' OR x.f->>'role' IN ('MEMBER', 'GUEST') THEN coalesce(x.f->>'role', 'MEMBER')
        ELSE 'MEMBER' END AS role
    FROM extra x CROSS JOIN LATERAL (
        SELECT coalesce(x.f->>'status', CASE x.f->>'active' WHEN 'false' THEN 'REMOVED' ELSE 'MEMBER' END) AS status) y
) s
WHERE s.external_id = e.external_id AND NOT e.deleted
"""
LET_IN = """
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT m.person_id, m.group_id, false
FROM extra e JOIN membership m ON m.group_id = e.ref_group AND m.person_id = e.ref_person
WHERE e.id IS NOT NULL AND m.status = 'MEMBER'
ON CONFLICT (person_id, audience_id) DO NOTHING
"""
# A tombstone may hold nothing but its id: then all groups are looked at.
HAS_TOMBSTONES = "SELECT EXISTS (SELECT 1 FROM extra WHERE deleted)"
NAMED = "g.id IN (SELECT ref_group FROM extra)"
LET_OUT = """
DELETE FROM audience_member a USING groups g
WHERE a.audience_id = g.id AND {which}
  AND NOT EXISTS (
    SELECT 1 FROM membership m WHERE m.group_id = g.id AND m.person_id = a.person_id AND m.status = 'MEMBER')
RETURNING a.person_id
"""


async def _fit_groups(_: Given) -> None:
    for statement in FIT_GROUPS:
        await db.execute(statement)


async def _add_audiences(_: Given) -> None:
    await db.execute(ADD_AUDIENCES)


async def _tell_groups(given: Given) -> None:
    others = sorted(row["id"] for row in await db.rows(SET_AUDIENCES) if row["is_other"])
    rows = await db.rows("SELECT id, is_new FROM extra WHERE id IS NOT NULL ORDER BY id")
    kinds = {True: GroupCreated, False: GroupChanged}
    await tell([kinds[row["is_new"]](row["id"]) for row in rows], given)
    await tell([GroupReadersChanged(id) for id in others], given)


async def _fit_memberships(_: Given) -> None:
    await db.execute(FIT_MEMBERSHIPS)


async def _let_in_and_out(given: Given) -> None:
    await db.execute(LET_IN)
    which = "true" if await db.value(HAS_TOMBSTONES) else NAMED
    gone = {row[0] for row in await db.rows(LET_OUT.format(which=which))}
    told = {row[0] for row in await db.rows(WHOSE)}
    await tell([RightsChanged(person) for person in sorted(gone | told)], given, quiet=False)


GROUP = Extra(
    "group",
    (
        text("name", GROUP_NAME_MAX, needed=True),
        text("description", DESCRIPTION_MAX, default="''"),
        Column("visibility", one_of=tuple(Visibility), default=f"'{Visibility.PRIVATE}'"),
        Column("join_policy", one_of=tuple(JoinPolicy), default=f"'{JoinPolicy.INVITE}'"),
        Column("is_default", "boolean", default="false"),
        Column("moderated", "boolean", default="false"),
        Column("archived_at", "timestamptz"),
        Column("purge_at", "timestamptz"),
        ref("created_by", "created_by", *PERSON),
        text("client_id", 100),
        Column("version", "integer", default="1"),
        CREATED,
    ),
    natural=("created_by", "client_id"),
    before=_fit_groups,
    ready=_add_audiences,
    after=_tell_groups,
    end="archived_at = coalesce(t.archived_at, e.now)",
    kept_in="groups",
)
MEMBERSHIP = Extra(
    "membership",
    (
        ref("group_id", "group", "group", needed=True),
        ref("person_id", "person", *PERSON, needed=True),
        Column("role", one_of=tuple(GroupRole), default=f"'{GroupRole.MEMBER}'"),
        Column("status", one_of=tuple(MembershipStatus), default=f"'{MembershipStatus.MEMBER}'"),
        Column("source", one_of=tuple(MembershipSource), default=f"'{MembershipSource.ADDED}'"),
        ref("by_id", "by", *PERSON),
        Column("joined_at", "timestamptz"),
        Column("expires_at", "timestamptz"),
        CREATED,
    ),
    natural=("person_id", "group_id"),
    keyless=True,
    before=_fit_memberships,
    after=_let_in_and_out,
)
