"""Where people are mentioned: shown within sight, with the names of the day."""

from __future__ import annotations

from typing import Any

from models import audiences
from models.mentions import Mention
from models.people import Person
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import a_guest, a_person
from tests.mentions.acting import mention


async def mine(ask: Ask, who: Any) -> list[str]:
    """What somebody finds that mentions them."""
    found = (await ask(who, "mentions/my_mentions", first=10))["viewer"]["mentions"]
    assert found["totalCount"] == len(found["nodes"])
    return [one["subject"]["body"].split()[0] for one in found["nodes"]]


async def shown(ask: Ask, who: Any, id: str) -> dict[str, Any]:
    return (await ask(who, "mentions/who_is_mentioned", ids=[id]))["nodes"][0]


async def test_one_finds_where_one_was_mentioned_the_newest_first(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    first = (await mention(ask, ann, f"first {at(bob)}"))["post"]["id"]
    clock.turn(minutes=1)
    await mention(ask, ann, f"second {at(bob)}")
    clock.turn(minutes=1)
    await ask(ann, "comments/add_comment", post_id=first, body=f"third {at(bob)}")

    assert await mine(ask, bob) == ["third", "second", "first"]
    assert await mine(ask, ann) == []


async def test_what_one_may_no_longer_read_is_not_among_them(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)
    post = (await mention(ask, ann, f"inside {at(bob)}", audience={"groupId": global_id(group)}))["post"]["id"]
    await ask(ann, "comments/add_comment", post_id=post, body=f"comment {at(bob)}")
    before = await mine(ask, bob)

    await audiences.remove(group.id, [bob.id])

    assert sorted(before) == ["comment", "inside"]
    assert await mine(ask, bob) == []


async def test_what_was_removed_mentions_nobody(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = (await mention(ask, ann, f"post {at(bob)}"))["post"]["id"]
    said = await ask(ann, "comments/add_comment", post_id=post, body=f"comment {at(bob)}")

    await ask(ann, "comments/delete_comment", comment_id=said["addComment"]["comment"]["id"])
    after_the_comment = await mine(ask, bob)
    await ask(ann, "posts/delete_post", post_id=post)

    assert (after_the_comment, await mine(ask, bob)) == (["post"], [])
    assert await Mention.all().count() == 0


async def test_a_mention_shows_the_name_of_the_day(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = (await mention(ask, ann, f"Ask {at(bob)}!"))["post"]["id"]
    before = (await shown(ask, ann, post))["bodyHtml"]
    await Person.filter(id=bob.id).update(name="Robert <b>Tables</b> & Söhne")

    after = (await shown(ask, ann, post))["bodyHtml"]

    assert before == f'<p>Ask <a class="mention" href="/people/{global_id(bob)}">@Bob</a>!</p>\n'
    assert after == before.replace("@Bob", "@Robert &lt;b&gt;Tables&lt;/b&gt; &amp; Söhne")


async def test_who_has_left_is_shown_as_such(ask: Ask) -> None:
    ann, lea = await a_person("Ann"), await a_person("Lea", active=False)
    post = (await mention(ask, ann, at(lea)))["post"]

    assert f'<a class="mention deactivated" href="/people/{global_id(lea)}">@Lea</a>' in post["bodyHtml"]
    assert [person["name"] for person in post["mentions"]] == ["Lea"]


async def test_whom_a_reader_may_not_see_is_someone_to_them(ask: Ask) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    group = await a_group(owner=ann)
    await a_member(group, gil)
    post = (await mention(ask, ann, f"{at(bob)} {at(ann)}", audience={"groupId": global_id(group)}))["post"]["id"]

    by_gil, by_ann = await shown(ask, gil, post), await shown(ask, ann, post)

    assert '<span class="mention">@someone</span>' in by_gil["bodyHtml"] and "Bob" not in by_gil["bodyHtml"]
    assert [person["name"] for person in by_gil["mentions"]] == ["Ann"]
    assert [person["name"] for person in by_ann["mentions"]] == ["Bob", "Ann"]


async def test_a_mention_in_a_link_is_no_link_of_its_own(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = (await mention(ask, ann, f"[to {at(ann)}](https://x.example)"))["post"]

    assert '>to <span class="mention">@Ann</span></a>' in post["bodyHtml"]


async def test_names_of_a_whole_page_take_one_statement_and_none_without_mentions(
    ask: Ask, statements: list[str]
) -> None:
    ann = await a_person("Ann")
    people = [await a_person(f"P{i}") for i in range(5)]
    with_names = [(await mention(ask, ann, at(person)))["post"]["id"] for person in people]
    without = [(await mention(ask, ann, f"plain {i}"))["post"]["id"] for i in range(5)]
    viewer = (await ask.context(ann)).viewer
    text = "query Q($ids: [ID!]!) { nodes(ids: $ids) { ... on Post { id bodyHtml } } }"

    counts: list[int] = []
    for ids in (with_names, without):
        statements.clear()
        await ask.text(viewer, text, {"ids": ids})
        counts.append(len(statements))

    assert counts == [2, 1]
