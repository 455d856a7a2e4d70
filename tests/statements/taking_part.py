"""What reactions, polls, answers, praise, pins, bookmarks and the like need before they can be run."""

from __future__ import annotations

from execution.ids import encode_id
from models.feed import Post, PostKind, PraisedPerson
from models.groups import GroupRole
from models.reactions import Reaction
from models.seen import Bookmark, Seen
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import NOW
from tests.factories.polls import a_poll, a_vote, option_id, options_of
from tests.factories.session import as_viewer
from tests.statements.arranged import Arranged, Company, arranges

EMOJI = [chr(0x1F600 + i) for i in range(40)]


@arranges("reactions/add_reaction", "reactions/remove_reaction")
async def a_reaction(company: Company) -> Arranged:
    await _loved(company)
    return Arranged(company.viewer, {"subject_id": global_id(company.posts[0]), "emoji": EMOJI[0]})


@arranges("reactions/reactors")
async def reactions(company: Company) -> Arranged:
    await _loved(company)
    return Arranged(company.viewer, {"id": global_id(company.posts[0]), "first": company.size})


@arranges("polls/poll")
async def a_full_poll(company: Company) -> Arranged:
    return Arranged(company.viewer, {"id": global_id(await _asked(company))})


@arranges("polls/close_poll")
async def a_poll_to_end(company: Company) -> Arranged:
    return Arranged(company.viewer, {"post_id": global_id(await _asked(company))})


@arranges("polls/polls")
async def many_polls(company: Company) -> Arranged:
    for _ in range(company.size):
        await _asked(company)
    return Arranged(company.viewer, {"first": company.size})


@arranges("polls/vote_poll")
async def a_vote_for_all(company: Company) -> Arranged:
    post = await _asked(company)
    options = [option_id(option) for option in await options_of(post)]
    return Arranged(company.viewer, {"post_id": global_id(post), "option_ids": options})


@arranges("polls/update_poll")
async def a_new_poll(company: Company) -> Arranged:
    post = await a_poll(author=company.ann)
    texts = [f"Option {i}" for i in range(company.size)]
    return Arranged(company.viewer, {"post_id": global_id(post), "options": texts, "closes_at": None})


@arranges("answers/accept_answer")
async def a_question(company: Company) -> Arranged:
    post = await a_post(author=company.ann, kind=PostKind.QUESTION)
    comment, *_ = [await a_comment(post, author=person) for person in company.people]
    return Arranged(company.viewer, {"post_id": global_id(post), "comment_id": global_id(comment)})


@arranges("comments/thread")
async def a_lively_thread(company: Company) -> Arranged:
    post = await a_post(author=company.ann, kind=PostKind.QUESTION)
    comments = [await a_comment(post, author=person) for person in company.people]
    for comment in comments:
        await Reaction.create(subject_id=comment.id, person_id=company.ann.id, emoji=EMOJI[0], created_at=NOW)
        await a_comment(post, author=company.ann, reply_to_id=comment.id)
    await Post.filter(id=post.id).update(accepted_id=comments[0].id)
    return Arranged(company.viewer, {"id": global_id(post), "first": company.size})


@arranges("bookmarks/bookmark_post")
async def a_post_to_keep(company: Company) -> Arranged:
    return Arranged(company.viewer, {"post_id": global_id(company.posts[0]), "is_bookmarked": True})


@arranges("bookmarks/bookmarks")
async def kept_posts(company: Company) -> Arranged:
    for post in company.posts:
        await Bookmark.create(person_id=company.ann.id, post_id=post.id, created_at=NOW)
    return Arranged(company.viewer, {"first": company.size})


@arranges("seen/mark_seen")
async def a_screen(company: Company) -> Arranged:
    return Arranged(company.viewer, {"post_ids": [global_id(post) for post in company.posts]})


@arranges("seen/unread")
async def groups_with_posts(company: Company) -> Arranged:
    for i, person in enumerate(company.people):
        group = await a_group(f"Group {i:02}", owner=person)
        await a_member(group, company.ann)
        post = await a_post(author=person, audience=group.id)
        await Seen.create(post_id=post.id, person_id=person.id, seen_at=NOW)
    viewer = await as_viewer(company.ann, company.services.clock.now())
    return Arranged(viewer, {"first": company.size})


@arranges("pins/pin_post")
async def a_post_to_pin(company: Company) -> Arranged:
    post = (await _on_top(company))[0]
    await Post.filter(id=post.id).update(pinned_at=None)
    viewer = await as_viewer(company.ann, company.services.clock.now())
    return Arranged(viewer, {"post_id": global_id(post), "is_pinned": True})


@arranges("pins/close_comments")
async def a_post_to_close(company: Company) -> Arranged:
    return Arranged(company.viewer, {"post_id": global_id(await a_post(author=company.ann)), "are_closed": True})


@arranges("pins/pinned_posts")
async def a_group_with_posts_on_top(company: Company) -> Arranged:
    post = (await _on_top(company))[0]
    viewer = await as_viewer(company.ann, company.services.clock.now())
    return Arranged(viewer, {"id": encode_id("Group", post.audience_id)})


@arranges("praise/give_praise")
async def a_praise(company: Company) -> Arranged:
    people = [global_id(person) for person in company.people]
    praise = {"personIds": people, "value": "Courage"}
    place = {"audience": {"orgUnitId": global_id(company.top)}}
    return Arranged(company.viewer, {"kind": "PRAISE", "body": "Thank you!", "praise": praise, **place})


@arranges("praise/praises")
async def praised_by_all(company: Company) -> Arranged:
    for person in company.people:
        post = await a_post(author=person, kind=PostKind.PRAISE, praise_value="Courage")
        for praised in (company.ann, *(one for one in company.people[:5] if one is not person)):
            await PraisedPerson.create(post_id=post.id, person_id=praised.id)
    return Arranged(company.viewer, {"id": global_id(company.ann), "first": company.size})


@arranges("reach/reach")
async def a_post_that_went_far(company: Company) -> Arranged:
    post = await a_post(author=company.ann)
    for person in company.people:
        await Seen.create(post_id=post.id, person_id=person.id, seen_at=NOW)
        await a_comment(post, author=person)
    return Arranged(company.viewer, {"id": global_id(post)})


async def _loved(company: Company) -> None:
    """Everybody has reacted to everything in two ways."""
    for subject in (*company.posts, *company.comments):
        for i, person in enumerate(company.people):
            for emoji in {EMOJI[0], EMOJI[i]}:
                await Reaction.create(subject_id=subject.id, person_id=person.id, emoji=emoji, created_at=NOW)


async def _asked(company: Company) -> Post:
    """A poll of Ann's in which everybody has voted."""
    post = await a_poll(*(f"Option {i}" for i in range(company.size)), author=company.ann, is_multiple=True)
    for i, person in enumerate(company.people):
        await a_vote(post, i, by=person)
    return post


async def _on_top(company: Company) -> list[Post]:
    """Posts of a group that Ann leads, five of them on top at the most."""
    group = await a_group(owner=company.people[0])
    await a_member(group, company.ann, GroupRole.MODERATOR)
    posts = [await a_post(str(i), author=company.ann, audience=group.id) for i in range(min(company.size, 5))]
    await Post.filter(audience_id=group.id).update(pinned_at=NOW)
    return posts
