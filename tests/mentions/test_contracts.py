"""What a mention does: who can see it, who hears of it, and why not; it never lets anybody in."""

from __future__ import annotations

import pytest

from execution.ids import encode_id
from models.feed import Comment, Post
from models.groups import Visibility
from models.keys import uuid7
from models.log import LoggedEvent
from models.mentions import MENTIONS_MAX, Mention
from models.people import Person
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.follows import a_block
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import a_guest, a_person, a_unit
from tests.mentions.acting import mention, told


async def mentioned() -> list[str]:
    """The names of those of whom the log says that they were mentioned, in its order."""
    rows = await LoggedEvent.filter(kind="PersonMentioned").order_by("id")
    assert all(row.audience_id is None for row in rows)
    return [(await Person.get(id=row.subject_id)).name for row in rows]


async def test_each_mention_says_who_can_see_it_and_who_hears_of_it(ask: Ask) -> None:
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    lea, gil = await a_person("Lea", active=False), await a_guest("Gil")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    for person in (bob, dan):
        await a_member(group, person)
    await a_block(ann, dan)

    body = " ".join(at(person) for person in (ann, bob, cem, dan, lea, gil, bob))
    payload = await mention(ask, ann, body, audience={"groupId": global_id(group)})

    assert told(payload) == [
        ("Ann", True, False, "SELF"),
        ("Bob", True, True, "NONE"),
        ("Cem", False, False, "CANNOT_SEE"),
        ("Dan", True, False, "BLOCKED"),
        ("Lea", False, False, "DEACTIVATED"),
        ("Gil", False, False, "GUEST_OUTSIDE"),
    ]
    assert await mentioned() == ["Bob"]
    cem_sees = await ask(cem, "posts/post", id=payload["post"]["id"])
    assert cem_sees["node"] is None, "a mention never widens sight"


async def test_nobody_learns_who_has_blocked_them(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_block(bob, ann)

    payload = await mention(ask, ann, at(bob))

    assert told(payload) == [("Bob", True, True, "NONE")]
    assert await mentioned() == []


async def test_whom_one_cannot_see_is_as_whoever_there_is_not(ask: Ask) -> None:
    ann, gil, other = await a_person("Ann"), await a_guest("Gil"), await a_guest("Gus")
    group = await a_group(owner=ann)
    await a_member(group, gil)
    ids = [global_id(other), encode_id("Person", uuid7())]

    body = " ".join(f"@[{id}]" for id in ids)
    payload = await mention(ask, gil, body, audience={"groupId": global_id(group)})

    assert told(payload) == [(None, False, False, "UNKNOWN")] * 2
    assert [one["personId"] for one in payload["mentions"]] == ids
    assert payload["post"]["mentions"] == []
    assert payload["post"]["bodyHtml"].count("@someone") == 2
    assert await Mention.all().count() == 0
    assert (await Post.get()).body == body


@pytest.mark.parametrize("text", ["`{}`", "```\n{}\n```", "\\{}", "@[nobody]", "@[]", "@Ann"])
async def test_what_only_looks_like_a_mention_is_none(ask: Ask, text: str) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")

    assert told(await mention(ask, ann, text.format(at(bob)))) == []


async def test_mentions_are_weighed_again_when_a_text_is_edited(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    post = (await mention(ask, ann, f"{at(bob)}"))["post"]["id"]

    edited = (await ask(ann, "mentions/mention_in_edited_post", post_id=post, body=f"{at(cem)} and {at(bob)}"))[
        "editPost"
    ]
    await ask(ann, "mentions/mention_in_edited_post", post_id=post, body="nobody")

    assert told(edited) == [("Cem", True, True, "NONE"), ("Bob", True, True, "NONE")]
    assert await mentioned() == ["Bob", "Cem"], "whoever was named before is not told again"
    assert await Mention.all().count() == 0


async def test_a_comment_names_people_as_a_post_does(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    group = await a_group(owner=ann)
    await a_member(group, bob)
    post = await a_post(author=ann, audience=group.id)

    added = await ask(
        bob, "mentions/mention_in_comment", post_id=global_id(post), body=f"{at(ann)} {at(cem)} {at(bob)}"
    )
    payload = added["addComment"]
    edited = await ask(
        bob, "mentions/mention_in_edited_comment", comment_id=payload["comment"]["id"], body=f"{at(cem)}"
    )

    assert [one[3] for one in told(payload)] == ["NONE", "CANNOT_SEE", "SELF"]
    assert [person["name"] for person in payload["comment"]["mentions"]] == ["Ann", "Cem", "Bob"]
    assert [one[3] for one in told(edited["editComment"])] == ["CANNOT_SEE"]
    assert await mentioned() == ["Ann"]


async def test_who_is_named_in_a_draft_hears_of_it_once_it_is_published(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    draft = await mention(ask, ann, at(bob), is_draft=True)
    before = await mentioned()

    await ask(ann, "publishing/publish_post", post_id=draft["post"]["id"])

    assert told(draft) == [("Bob", True, True, "NONE")]
    assert (before, await mentioned()) == ([], ["Bob"])


async def test_who_is_let_in_by_a_move_hears_of_it_then(ask: Ask) -> None:
    ann, bob, unit = await a_person("Ann"), await a_person("Bob"), await a_unit()
    await Person.filter(id=ann.id).update(unit_id=unit.id)
    payload = await mention(ask, ann, at(bob), audience={"orgUnitId": global_id(unit)})
    before = await mentioned()

    moved = await ask(
        ann, "sharing/move_post", post_id=payload["post"]["id"], audience={"company": True}, confirmed=True
    )

    assert not moved["movePost"]["errors"]
    assert (before, await mentioned()) == ([], ["Bob"])


async def test_a_text_names_at_most_fifty_people(ask: Ask) -> None:
    ann = await a_person("Ann")
    ids = [encode_id("Person", uuid7()) for _ in range(MENTIONS_MAX + 1)]
    names = [f"@[{id}]" for id in ids]

    fifty = await mention(ask, ann, " ".join(names[:-1] * 10))
    more = await mention(ask, ann, " ".join(names))
    thousands = await mention(ask, ann, " ".join(names * 200)[:20_000])
    too_long = await mention(ask, ann, " ".join(encoded for encoded in names * 200))

    assert len(fifty["mentions"]) == 50
    assert [[e["code"] for e in one["errors"]] for one in (more, thousands, too_long)] == [["BAD_USER_INPUT"]] * 3
    assert "51 people; at most 50" in more["errors"][0]["message"]
    assert await Post.all().count() == 1


async def test_ten_thousand_mentions_are_refused(ask: Ask) -> None:
    ann = await a_person("Ann")

    payload = await mention(ask, ann, at(ann) * 10_000)

    assert payload["errors"][0]["code"] == "BAD_USER_INPUT"
    assert payload["mentions"] == []


async def test_a_refused_text_has_no_contract(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=bob)

    edited = (await ask(ann, "mentions/mention_in_edited_post", post_id=global_id(post), body=at(bob)))["editPost"]

    assert (edited["post"], edited["mentions"]) == (None, [])
    assert await Comment.all().count() == await Mention.all().count() == 0
