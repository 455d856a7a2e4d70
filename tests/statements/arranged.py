"""What each operation needs before it can be run: who asks, with which variables, in a company of a given size."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from auth import codes
from auth.viewer import Viewer
from models.feed import Comment, Post
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.session import CodePurpose, Role
from resolvers.context import Services
from schema.nodes import access_id
from search import feed as posts_found
from search import people as people_found
from search.indexer import Indexer
from search.postgres import ENOUGH
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit, post_of
from tests.factories.session import PASSWORD, a_password, a_role, as_viewer


@dataclass(frozen=True)
class Company:
    """Ann with `size` reports, each in an own unit with a commented post; as many roles and sessions of hers."""

    services: Services
    size: int
    ann: Person
    viewer: Viewer
    people: list[Person]
    top: OrgUnit
    units: list[OrgUnit]
    posts: list[Post]
    comments: list[Comment]


@dataclass(frozen=True)
class Arranged:
    """A request. `viewer` None: nobody is signed in."""

    viewer: Viewer | None
    variables: dict[str, Any]


Arrange = Callable[[Company], Awaitable[Arranged]]
ARRANGED: dict[str, Arrange] = {}
"""How each operation that needs variables is arranged, by its path below `graphql/operations/`."""


async def a_company(services: Services, size: int) -> Company:
    now = services.clock.now()
    top = await a_unit("Top")
    cem = await a_person("Cem", unit=top)
    bea = await a_person("Bea", unit=top, manager=cem)
    ann = await a_person("Ann", unit=top, manager=bea)
    units = [await a_unit(f"Unit {i:02}", parent=top) for i in range(size)]
    people = [await a_person(f"Dan {i:02}", unit=unit, manager=ann) for i, unit in enumerate(units)]
    for unit, person in zip([top, *units], [ann, *people], strict=True):
        await OrgUnit.filter(id=unit.id).update(head_id=person.id)
        await a_role(ann, Role.MODERATOR, unit)
        await as_viewer(ann, now)
    posts = [await a_post("Hello", author=person) for person in people]
    comments = [await a_comment(post, author=person) for post in posts for person in people[:3]]
    indexer = Indexer(services.engine)
    await indexer.refresh([person.id for person in people], people_found.documents)
    await indexer.refresh([post.id for post in posts], posts_found.posts)
    return Company(services, size, ann, await as_viewer(ann, now), people, top, units, posts, comments)


def arranges(*operations: str) -> Callable[[Arrange], Arrange]:
    """Says what these operations need."""

    def declare(arrange: Arrange) -> Arrange:
        ARRANGED.update((operation, arrange) for operation in operations)
        return arrange

    return declare


@arranges("feed/home_feed", "people/directory", "org/org_units", "session/sessions")
async def a_page(company: Company) -> Arranged:
    return Arranged(company.viewer, {"first": company.size})


@arranges("search/search")
async def words(company: Company) -> Arranged:
    more = [await a_post("Hello again", author=company.people[0]) for _ in range(ENOUGH)]  # nothing is to be forgiven
    await Indexer(company.services.engine).refresh([post.id for post in more], posts_found.posts)
    return Arranged(company.viewer, {"text": "Hello", "first": company.size})


@arranges("suggestions/suggest")
async def the_beginning_of_a_name(company: Company) -> Arranged:
    return Arranged(company.viewer, {"prefix": "da", "first": company.size})


@arranges("feed/newer_posts")
async def a_page_from_the_end(company: Company) -> Arranged:
    return Arranged(company.viewer, {"last": company.size})


@arranges("posts/post")
async def a_thread(company: Company) -> Arranged:
    for person in company.people:
        await a_comment(company.posts[0], author=person)
    return Arranged(company.viewer, {"id": global_id(company.posts[0]), "first": company.size})


@arranges("people/reports", "lines/line")
async def reports(company: Company) -> Arranged:
    return Arranged(company.viewer, {"id": global_id(company.ann), "first": company.size})


@arranges("org/org_unit")
async def a_unit_page(company: Company) -> Arranged:
    return Arranged(company.viewer, {"id": global_id(company.top), "first": company.size})


@arranges("people/profile")
async def a_profile(company: Company) -> Arranged:
    return Arranged(company.viewer, {"id": global_id(company.ann)})


@arranges("people/person_by")
async def an_address(company: Company) -> Arranged:
    return Arranged(company.viewer, {"by": {"email": company.ann.email}})


async def hr(company: Company) -> Viewer:
    """Ann, who is HR of all."""
    await a_role(company.ann, Role.HR)
    return await as_viewer(company.ann, company.services.clock.now())


@arranges("people/update_profile")
async def a_change_of_profile(company: Company) -> Arranged:
    return Arranged(company.viewer, {"person_id": global_id(company.ann), "bio": "New", "expected_version": 1})


@arranges("directory/people_facets")
async def everybody(company: Company) -> Arranged:
    return Arranged(company.viewer, {"filter_by": {"isActive": True}})


@arranges("headcounts/head_count")
async def the_top(company: Company) -> Arranged:
    return Arranged(company.viewer, {"org_unit_id": global_id(company.top)})


@arranges("lines/org_path")
async def two_ends(company: Company) -> Arranged:
    return Arranged(company.viewer, {"from_id": global_id(company.people[0]), "to_id": global_id(company.people[-1])})


@arranges("positions/position")
async def a_post_of_the_chart(company: Company) -> Arranged:
    position = await Position.get(id=await post_of(company.ann))
    return Arranged(company.viewer, {"id": global_id(position), "first": company.size})


@arranges("org/org_chart")
async def a_root(company: Company) -> Arranged:
    return Arranged(company.viewer, {"root_id": global_id(company.ann), "depth": 3})


@arranges("posts/create_post")
async def a_new_post(company: Company) -> Arranged:
    listed = [global_id(person) for person in company.people]
    more = {"audience": {"personIds": listed}, "client_id": "c1"}
    return Arranged(company.viewer, {"kind": "DISCUSSION", "body": "Hello", **more})


@arranges("posts/edit_post")
async def a_changed_post(company: Company) -> Arranged:
    post = company.posts[0]
    return Arranged(await _author(company, post), {"post_id": global_id(post), "body": "New", "expected_version": 1})


@arranges("posts/delete_post")
async def a_post_too_many(company: Company) -> Arranged:
    return Arranged(await _author(company, company.posts[0]), {"post_id": global_id(company.posts[0])})


@arranges("comments/add_comment")
async def a_new_comment(company: Company) -> Arranged:
    under = {"post_id": global_id(company.posts[0]), "reply_to_id": global_id(company.comments[0])}
    return Arranged(company.viewer, {**under, "body": "Hello", "client_id": "c1"})


@arranges("comments/edit_comment")
async def a_changed_comment(company: Company) -> Arranged:
    comment = company.comments[0]
    given = {"comment_id": global_id(comment), "body": "New", "expected_version": 1}
    return Arranged(await _author(company, comment), given)


@arranges("comments/delete_comment")
async def a_comment_too_many(company: Company) -> Arranged:
    return Arranged(await _author(company, company.comments[0]), {"comment_id": global_id(company.comments[0])})


@arranges("session/sign_in")
async def a_login(company: Company) -> Arranged:
    await a_password(company.ann, company.services.hasher, company.services.clock.now())
    return Arranged(None, {"login": company.ann.email, "password": PASSWORD})


@arranges("session/activate_account")
async def a_code(company: Company) -> Arranged:
    code = await codes.issue(company.ann.id, CodePurpose.ACTIVATE, company.services.clock.now())
    return Arranged(None, {"code": code, "password": PASSWORD})


@arranges("session/change_password")
async def two_passwords(company: Company) -> Arranged:
    await a_password(company.ann, company.services.hasher, company.services.clock.now())
    given = {"current_password": PASSWORD, "new_password": "eight lemons above the stairs"}
    return Arranged(company.viewer, given)


@arranges("session/create_token")
async def a_new_token(company: Company) -> Arranged:
    ends = company.services.clock.now() + timedelta(days=30)
    return Arranged(company.viewer, {"name": "bot", "scopes": ["feed:read"], "expires_at": ends.isoformat()})


@arranges("session/revoke_access")
async def a_session_to_end(company: Company) -> Arranged:
    other = await as_viewer(company.ann, company.services.clock.now())
    assert other.access_id
    return Arranged(company.viewer, {"id": access_id(other.access_id)})


async def _author(company: Company, written: Post | Comment) -> Viewer:
    author = next(person for person in company.people if person.id == written.author_id)
    return await as_viewer(author, company.services.clock.now())
