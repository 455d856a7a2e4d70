"""Loading the demonstration company into a database by COPY."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from atrium.demo.accounts import EMAILS
from atrium.demo.company import Company
from atrium.demo.org import COLUMNS, Chart
from atrium.demo.records import Comment, Person, Thread
from auth.passwords import Hasher
from models import audiences, db, org
from models.audiences import COMPANY
from models.session import Role

BATCH = 2_000  # threads in one transaction: a writing transaction holds back every reader of the log
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
POSTS_PUBLISHED = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, 'PostPublished',
       'audience:' || audience_id, audience_id, author_id, id,
       jsonb_build_object('post', id, 'within', audience_id), true, published_at
FROM post WHERE id = ANY($1::uuid[]) ORDER BY published_at, id
"""


async def load(company: Company, *, password: str, hasher: Hasher, now: datetime, progress: Progress) -> None:
    """Fill an empty database with a company. Raises `NotEmpty`. The pool has no short limits."""
    if await db.value("SELECT EXISTS (SELECT 1 FROM person)"):
        raise NotEmpty("There are people in this database already. A demonstration company needs an empty one.")
    async with db.transaction():
        await _units_and_people(company, now)
        progress(len(company.people), "people")
        await _accounts(company, password, hasher, now)
    for threads in _batches(company.threads()):
        async with db.transaction():
            await _threads(threads)
        progress(len(threads), "posts")
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
    """The four fixed accounts get the password of the installation, and their roles."""
    for person in company.people[: len(EMAILS)]:
        await db.execute(
            "INSERT INTO credential (person_id, password_hash, changed_at) VALUES ($1, $2, $3)",
            person.id,
            await hasher.hash(password),
            now,
        )
        for role in sorted(GRANTED & {*map(Role, person.roles)}):
            await db.execute(
                "INSERT INTO role_grant (id, person_id, role) VALUES (uuidv7(), $1, $2)", person.id, role.value
            )


async def _threads(threads: Sequence[Thread]) -> None:
    posts = [
        (
            *(
                t.post.id,
                t.post.author_id,
                t.post.unit_id or COMPANY,
                "DISCUSSION",
                "PUBLISHED",
                t.post.title,
                t.post.body,
            ),
            *(1, t.post.published_at, t.post.published_at),
        )
        for t in threads
    ]
    columns = (
        "id",
        "author_id",
        "audience_id",
        "kind",
        "status",
        "title",
        "body",
        "version",
        "created_at",
        "published_at",
    )
    await _copy("post", columns, posts)
    comments = (_comment(comment, t.post.unit_id or COMPANY) for t in threads for comment in t.comments)
    columns = ("id", "post_id", "reply_to_id", "author_id", "audience_id", "body", "removed", "version", "created_at")
    await _copy("comment", columns, comments)
    await db.execute(POSTS_PUBLISHED, [t.post.id for t in threads])


def _comment(comment: Comment, audience: UUID) -> tuple[object, ...]:
    named = (comment.id, comment.post_id, comment.parent_id, comment.author_id)
    return (*named, audience, comment.body, False, 1, comment.created_at)


async def _copy(table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    async with db.connection() as con:
        await con.copy_records_to_table(table, records=rows, columns=list(columns))


def _batches(threads: Iterator[Thread]) -> Iterator[list[Thread]]:
    while batch := list(itertools.islice(threads, BATCH)):
        yield batch
