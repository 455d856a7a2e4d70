"""What operations of feeds and must-reads need before they can be run."""

from __future__ import annotations

from datetime import timedelta

from auth.viewer import Viewer
from models.session import Role
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.readings import a_must_read, an_acknowledgement
from tests.factories.session import a_role, as_viewer
from tests.statements.arranged import Arranged, Company, arranges


@arranges("feed/feed_reasons")
async def a_ranked_page(company: Company) -> Arranged:
    return Arranged(company.viewer, {"first": company.size})


@arranges("feed/person_posts")
async def what_somebody_wrote(company: Company) -> Arranged:
    for _ in range(company.size):
        await a_post("Hello", author=company.ann)
    return Arranged(company.viewer, {"id": global_id(company.ann), "first": company.size})


@arranges("feed/unit_posts")
async def what_units_were_told(company: Company) -> Arranged:
    for _ in range(company.size):
        await a_post("Hello", author=company.ann, audience=company.top.id)
    return Arranged(company.viewer, {"first": company.size, "each": company.size})


@arranges("readings/require_reading")
async def a_post_to_read(company: Company) -> Arranged:
    due = company.services.clock.now() + timedelta(days=5)
    return Arranged(await _communicator(company), {**_first(company), "due_at": due.isoformat()})


@arranges("readings/waive_reading")
async def a_post_to_read_no_more(company: Company) -> Arranged:
    await _required(company)
    return Arranged(await _communicator(company), _first(company))


@arranges("readings/acknowledge_post")
async def a_post_that_was_read(company: Company) -> Arranged:
    await _required(company)
    return Arranged(company.viewer, _first(company))


@arranges("readings/must_reads")
async def posts_to_read(company: Company) -> Arranged:
    await _required(company)
    return Arranged(company.viewer, {"first": company.size})


@arranges("readings/reading_evidence")
async def who_has_read(company: Company) -> Arranged:
    await _required(company)
    ids = [global_id(post) for post in company.posts]
    return Arranged(await _communicator(company), {"ids": ids, "first": company.size})


@arranges("readings/reading_evidence_csv")
async def who_has_read_as_a_table(company: Company) -> Arranged:
    await _required(company)
    return Arranged(await _communicator(company), {"id": global_id(company.posts[0])})


def _first(company: Company) -> dict[str, str]:
    return {"post_id": global_id(company.posts[0])}


async def _communicator(company: Company) -> Viewer:
    await a_role(company.ann, Role.COMMUNICATOR)
    return await as_viewer(company.ann, company.services.clock.now())


async def _required(company: Company) -> None:
    for post in company.posts:
        await a_must_read(post, by=company.ann)
        for person in company.people:
            await an_acknowledgement(post, person)
