"""What the operations of tags and mentions need before they can be run."""

from __future__ import annotations

from auth.viewer import Viewer
from models.people import Person
from models.session import Role
from models.tags import TAGS_MAX, Tag
from tests.factories.feed import a_comment, a_post
from tests.factories.ids import global_id
from tests.factories.mentions import a_mention, at
from tests.factories.session import a_role, as_viewer
from tests.factories.tags import a_tag, a_tag_follow, tagged
from tests.statements.arranged import Arranged, Company, arranges


@arranges("tags/tag_page")
async def a_name(company: Company) -> Arranged:
    await _tagged(company)
    return Arranged(company.viewer, {"name": "tag 00", "first": company.size})


@arranges("tags/tag")
async def a_tag_page(company: Company) -> Arranged:
    return Arranged(company.viewer, {"id": global_id((await _tagged(company))[0]), "first": company.size})


@arranges("tags/tags")
async def what_a_name_begins_with(company: Company) -> Arranged:
    await _tagged(company)
    return Arranged(company.viewer, {"query": "tag", "first": company.size})


@arranges("tags/trending_tags", "tags/followed_tags")
async def how_many_tags(company: Company) -> Arranged:
    await _tagged(company)
    return Arranged(company.viewer, {"first": company.size})


@arranges("tags/follow_tag")
async def a_tag_to_follow(company: Company) -> Arranged:
    tag = (await _tagged(company))[-1]
    return Arranged(company.viewer, {"tag_id": global_id(tag), "follow": True})


@arranges("tags/post_tags")
async def a_tagged_post(company: Company) -> Arranged:
    await _tagged(company)
    return Arranged(company.viewer, {"id": global_id(company.posts[0])})


@arranges("tags/set_post_tags")
async def tags_to_be(company: Company) -> Arranged:
    post = await tagged(await a_post(author=company.ann), await a_tag("old"))
    names = [f"new {i}" for i in range(min(company.size, TAGS_MAX))]
    return Arranged(company.viewer, {"post_id": global_id(post), "tags": names})


@arranges("tags/rename_tag", "tags/add_tag_synonym")
async def a_new_name(company: Company) -> Arranged:
    tag = (await _tagged(company))[0]
    return Arranged(await _keeper(company), {"tag_id": global_id(tag), "name": "New"})


@arranges("tags/update_tag")
async def a_description(company: Company) -> Arranged:
    tag = (await _tagged(company))[0]
    return Arranged(await _keeper(company), {"tag_id": global_id(tag), "description": "New"})


@arranges("tags/remove_tag_synonym")
async def an_old_name(company: Company) -> Arranged:
    tag = (await _tagged(company))[0]
    return Arranged(await _keeper(company), {"tag_id": global_id(tag), "name": "also 00"})


@arranges("tags/merge_tags")
async def two_tags(company: Company) -> Arranged:
    one, other, *_ = await _tagged(company)
    return Arranged(await _keeper(company), {"tag_id": global_id(one), "into_id": global_id(other)})


@arranges("mentions/mention_in_post")
async def a_post_to_people(company: Company) -> Arranged:
    return Arranged(company.viewer, {"kind": "DISCUSSION", "body": _names(company)})


@arranges("mentions/mention_in_edited_post")
async def a_post_to_more_people(company: Company) -> Arranged:
    post = await a_post(author=company.ann)
    return Arranged(company.viewer, {"post_id": global_id(post), "body": _names(company)})


@arranges("mentions/mention_in_comment")
async def a_comment_to_people(company: Company) -> Arranged:
    return Arranged(company.viewer, {"post_id": global_id(company.posts[0]), "body": _names(company)})


@arranges("mentions/mention_in_edited_comment")
async def a_comment_to_more_people(company: Company) -> Arranged:
    comment = await a_comment(company.posts[0], author=company.ann)
    return Arranged(company.viewer, {"comment_id": global_id(comment), "body": _names(company)})


@arranges("mentions/my_mentions")
async def mentions_of_ann(company: Company) -> Arranged:
    await _mention(company, company.ann)
    return Arranged(company.viewer, {"first": company.size})


@arranges("mentions/who_is_mentioned")
async def texts_with_names(company: Company) -> Arranged:
    return Arranged(company.viewer, {"ids": await _mention(company, *company.people[:3])})


async def _tagged(company: Company) -> list[Tag]:
    """As many tags as the company is large, on each of its posts; everybody follows the last, Ann all others."""
    tags = [await a_tag(f"tag {i:02}", f"also {i:02}") for i in range(company.size)]
    now = company.services.clock.now()
    for person in (*company.people, company.ann):
        await tagged(await a_post(author=person, published_at=now), *tags)
        await a_tag_follow(person, tags[-1])
    for post in company.posts:
        await tagged(post, *tags[:TAGS_MAX])
    for tag in tags[:-1]:
        await a_tag_follow(company.ann, tag)
    return tags


async def _mention(company: Company, *people: Person) -> list[str]:
    """As many posts, and comments under the first, that name these people; their ids."""
    body = " ".join(at(person) for person in people)
    posts = [await a_post(body, author=author) for author in company.people]
    comments = [await a_comment(posts[0], body, author=author) for author in company.people]
    for subject in (*posts, *comments):
        for person in people:
            await a_mention(subject, person)
    return [global_id(subject) for subject in (*posts, *comments)]


async def _keeper(company: Company) -> Viewer:
    await a_role(company.ann, Role.COMMUNICATOR)
    return await as_viewer(company.ann, company.services.clock.now())


def _names(company: Company) -> str:
    return " ".join(at(person) for person in company.people)
