"""Loading the demonstration company into a database by COPY."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from atrium.demo import tags
from atrium.demo.accounts import EMAILS
from atrium.demo.chat_rows import COLUMNS as CHAT
from atrium.demo.company import Company
from atrium.demo.echoes import COLUMNS as ECHOES
from atrium.demo.echoes import Echoes, Row
from atrium.demo.org import COLUMNS, Chart
from atrium.demo.records import Group, Person, Thread
from atrium.demo.survey_load import load_surveys
from atrium.resuming import resume_timers
from auth.passwords import Hasher
from auth.vault import Vault
from models import audiences, db, org
from models.audiences import COMPANY, AudienceKind
from models.groups import MembershipStatus, Visibility
from models.session import Role

BATCH = 2_000  # threads in one transaction: a writing transaction holds back every reader of the log
MESSAGES = 10_000  # in one transaction, at least
GRANTED = {Role.ADMIN, Role.HR, Role.COMMUNICATOR}

Progress = Callable[[int, str], None]
"""Told how many more rows of what are loaded."""


class NotEmpty(Exception):
    """There are people in this database already; a demonstration is for an empty one."""


PEOPLE_JOINED = """
INSERT INTO event (generation, xid, kind, stream, audience_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint,
       'PersonJoined', 'person:' || id, $1, id, jsonb_build_object('person', id), true, created_at
FROM person ORDER BY id
"""
GROUPS_CREATED = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, 'GroupCreated',
       'audience:' || id, id, created_by, id, jsonb_build_object('group', id), true, created_at
FROM groups ORDER BY created_at, id
"""
POSTS_PUBLISHED = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, 'PostPublished',
       'audience:' || audience_id, audience_id, author_id, id,
       jsonb_build_object('post', id, 'within', audience_id), true, published_at
FROM post WHERE id = ANY($1::uuid[]) AND status = 'PUBLISHED' ORDER BY published_at, id
"""
# A post stands before its comments, so the one that answers it can be named only afterwards.
ANSWERED = """
UPDATE post p SET accepted_id = a.comment FROM unnest($1::uuid[], $2::uuid[]) a(post, comment) WHERE p.id = a.post
"""


async def load(
    company: Company,
    *,
    password: str,
    hasher: Hasher,
    now: datetime,
    progress: Progress,
    vault: Vault | None = None,
) -> None:
    """Fill an empty database with a company. Raises `NotEmpty`. The pool has no short limits.

    `vault` is the installation's; without it nobody has answered what is still open and anonymous.
    """
    if await db.value("SELECT EXISTS (SELECT 1 FROM person)"):
        raise NotEmpty("There are people in this database already. A demonstration company needs an empty one.")
    async with db.transaction():
        await _units_and_people(company, now)
        progress(len(company.people), "people")
        await _accounts(company, password, hasher, now)
        await _groups(company)
        progress(len(company.groups), "groups")
        await _tags(company)
    echoes = company.echoes()
    for threads in _batches(itertools.chain(company.threads(), company.stage.threads)):
        async with db.transaction():
            await _threads(threads, echoes)
        progress(len(threads), "posts")
    await _chat(company, progress)
    progress(await load_surveys(company, vault), "surveys")
    async with db.transaction():
        await _desks(company)
        await resume_timers(now)
    # Without a visibility map the first readers would visit every row (a plain load leaves none).
    await db.execute("VACUUM (ANALYZE)")


async def _units_and_people(company: Company, now: datetime) -> None:
    await db.execute("SET CONSTRAINTS ALL DEFERRED")
    units = [(u.id, u.name, u.parent_id, u.head_id, None, 1, u.created_at) for u in company.units]
    await _copy("org_unit", ("id", "name", "parent_id", "head_id", "deputy_id", "version", "created_at"), units)
    chart = Chart(company, now)
    await _copy("person", PERSON, [_person(person, chart, now) for person in company.people])
    for table, columns in COLUMNS.items():
        await _copy(table, columns, chart.rows(table))
    await org.rebuild_closure()
    await audiences.follow_locations([person.id for person in company.people])
    await db.execute(PEOPLE_JOINED, COMPANY)


PERSON = (
    *("id", "name", "email", "employee_id", "title", "bio", "pronouns", "location", "time_zone", "unit_id"),
    *("position_id", "is_guest", "active", "auth_epoch", "version", "created_at", "updated_at"),
)


def _person(p: Person, chart: Chart, now: datetime) -> tuple[object, ...]:
    is_guest = "GUEST" in p.roles
    line = (p.unit_id, chart.posts.get(p.id), is_guest, True, 0, 1, p.created_at, now)
    location = None if is_guest else p.place.city
    return (p.id, p.name, p.email, p.employee_id, p.title, p.bio or "", p.pronouns, location, p.place.time_zone, *line)


async def _accounts(company: Company, password: str, hasher: Hasher, now: datetime) -> None:
    """The four fixed accounts get the password of the installation; they and a few more get roles."""
    for person in company.people[: len(EMAILS)]:
        await db.execute(
            "INSERT INTO credential (person_id, password_hash, changed_at) VALUES ($1, $2, $3)",
            person.id,
            await hasher.hash(password),
            now,
        )
    for person in company.people:
        for role in sorted(GRANTED & {*map(Role, person.roles)}):
            await db.execute(
                "INSERT INTO role_grant (id, person_id, role) VALUES (uuidv7(), $1, $2)", person.id, role.value
            )


GROUP = (
    *("id", "name", "description", "visibility", "join_policy", "is_default", "moderated", "archived_at"),
    *("created_by", "version", "created_at"),
)
MEMBERSHIP = ("group_id", "person_id", "role", "status", "source", "by_id", "joined_at", "created_at")


async def _groups(company: Company) -> None:
    groups = company.groups
    kind = AudienceKind.GROUP.value
    opened = ((g.id, kind, g.visibility is Visibility.OPEN, g.archived_at is not None) for g in groups)
    await _copy("audience", ("id", "kind", "open", "read_only"), opened)
    await _copy("groups", GROUP, map(_group, groups))
    await _copy("membership", MEMBERSHIP, (row for group in groups for row in _members(group)))
    inside = ((m.person_id, g.id, False) for g in groups for m in g.members if m.status is MembershipStatus.MEMBER)
    await _copy("audience_member", ("person_id", "audience_id", "listed"), inside)
    await db.execute(GROUPS_CREATED)


def _group(g: Group) -> Row:
    who = (g.visibility.value, g.join_policy.value, g.is_default, g.moderated, g.archived_at)
    return (g.id, g.name, g.description, *who, g.members[0].person_id, 1, g.created_at)


def _members(group: Group) -> Iterator[Row]:
    owner = group.members[0].person_id
    for m in group.members:
        joined = m.since if m.status is MembershipStatus.MEMBER else None
        by = owner if m.source.value == "ADDED" or m.status is MembershipStatus.INVITED else None
        yield (group.id, m.person_id, m.role.value, m.status.value, m.source.value, by, joined, m.since)


TAG = (
    *("id", "name", "key", "description", "restricted", "priority", "kept", "created_by", "version"),
    "created_at",
)


async def _tags(company: Company) -> None:
    found = company.tags
    await _copy("tag", TAG, found.tags)
    await _copy("tag_synonym", ("id", "tag_id", "name", "key"), found.synonyms)
    await _copy("merged_tag", ("id", "tag_id", "merged_at"), found.merged)
    follows = tags.follows(company.seed, company.people, found.keys, company.ends_at)
    await _copy("tag_follow", ("person_id", "tag_id", "created_at"), follows)


async def _threads(threads: Sequence[Thread], echoes: Echoes) -> None:
    rows = defaultdict[str, list[Row]](list)
    for thread in threads:
        for table, row in echoes.rows(thread):
            rows[table].append(row)
    for table, columns in ECHOES.items():
        await _copy(table, columns, rows[table])
    answers = rows["answer"]
    await db.execute(ANSWERED, [row[0] for row in answers], [row[1] for row in answers])
    await db.execute(POSTS_PUBLISHED, [t.post.id for t in threads])


NOTE = (
    *("id", "author_id", "audience_id", "kind", "status", "title", "body", "created_at", "scheduled_at", "returned"),
    "version",
)


async def _chat(company: Company, progress: Progress) -> None:
    """All conversations, some thousand messages at a time.

    The log tells nothing of them: the worker fills the index from the rows.
    """
    rows, count = defaultdict[str, list[Row]](list), 0
    for talk, made in company.chat.rows():
        for table, row in made:
            rows[table].append(row)
        if (count := count + 1 + len(talk.said)) >= MESSAGES:
            progress(await _conversations(rows), "messages")
            count = 0
    progress(await _conversations(rows), "messages")


async def _conversations(rows: dict[str, list[Row]]) -> int:
    """Write conversations in one transaction, and forget them; how many messages they have."""
    async with db.transaction():
        for table, columns in CHAT.items():
            await _copy(table, columns, rows[table])
    written = len(rows["message"])
    rows.clear()
    return written


async def _desks(company: Company) -> None:
    """What is on the desks of the four: drafts, posts for a later day, things put aside, and who writes for them."""
    end = company.ends_at
    await _copy("post", NOTE, ((*row, 1) for row in company.stage.notes()))
    kept = list(company.stage.kept())
    await db.execute(
        "DELETE FROM bookmark WHERE (person_id, post_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))",
        [row[1] for row in kept],
        [row[2] for row in kept],
    )
    await _copy("bookmark", ("id", "person_id", "post_id", "created_at"), ((*row, end) for row in kept))
    delegates = ((*pair, end) for pair in company.stage.delegates())
    await _copy("delegate", ("person_id", "delegate_id", "created_at"), delegates)


async def _copy(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    async with db.connection() as con:
        await con.copy_records_to_table(table, records=rows, columns=list(columns))


def _batches(threads: Iterator[Thread]) -> Iterator[list[Thread]]:
    while batch := list(itertools.islice(threads, BATCH)):
        yield batch
