"""The operation as people see it: what is found, in which order, and how it is shown."""

from __future__ import annotations

import pytest

from models.feed import Post
from models.groups import Visibility
from search.engine import HITS_MAX
from tests.conftest import Ask
from tests.factories.chat import a_message
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group
from tests.factories.people import a_person
from tests.factories.tags import tagged
from tests.search.asking import facet, indexed, results, searched
from tests.search.kitchen import KINDS, Kitchen


async def test_all_kinds_are_found_those_that_are_called_so_first(ask: Ask, kitchen: Kitchen) -> None:
    page = await results(ask, kitchen.ann, "marmalade")

    kinds = [edge["node"]["__typename"] for edge in page["edges"]]
    assert sorted(kinds) == ["Comment", "Group", "Message", "Person", "Post", "Tag"]
    assert set(kinds[:2]) == {"Group", "Tag"}
    assert (page["totalCount"], page["totalCountIsExact"], page["isDegraded"]) == (6, True, False)
    assert facet(page, "KIND") == dict.fromkeys(KINDS, 1)
    assert page["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize("kind", KINDS)
async def test_a_kind_may_be_asked_for_alone(ask: Ask, kitchen: Kitchen, kind: str) -> None:
    page = await results(ask, kitchen.ann, "marmalade", kinds=[kind])

    assert (page["totalCount"], facet(page, "KIND")) == (1, {kind: 1})
    assert [edge["node"]["__typename"].upper() for edge in page["edges"]] == [kind]


async def test_what_matches_is_marked_in_the_text_as_people_read_it(ask: Ask, kitchen: Kitchen) -> None:
    page = await results(ask, kitchen.ann, "marmalade")

    marked = {edge["node"]["__typename"]: edge["highlights"] for edge in page["edges"]}
    assert marked["Person"] == [{"field": "bio", "html": "Cooks <mark>marmalade</mark> at home"}]
    assert marked["Post"] == [{"field": "body", "html": "Who likes <mark>marmalade</mark>?"}]
    assert marked["Group"] == [{"field": "name", "html": "<mark>Marmalade</mark> makers"}]
    assert marked["Tag"] == [{"field": "name", "html": "<mark>marmalade</mark>"}]


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a & b", "</mark><b>"])
async def test_highlights_are_escaped(ask: Ask, evil: str) -> None:
    ann = await a_person("Ann")
    await a_group(f"Falcon {evil}", visibility=Visibility.OPEN)
    await a_post(f"`{evil}` falcon {evil}", author=ann, title=f"{evil} falcon")
    await a_comment(await a_post(author=ann), f"falcon {evil}", author=ann)
    await indexed(ask)

    page = await results(ask, ann, "falcon")

    passages = [one["html"] for edge in page["edges"] for one in edge["highlights"]]
    assert len(passages) >= 4
    for html in passages:
        bare = html.replace("<mark>", "").replace("</mark>", "")
        assert "<mark>" in html.lower() and "<" not in bare and ">" not in bare
        assert "& " not in bare


async def test_a_text_that_has_changed_is_marked_as_it_is_now(ask: Ask, kitchen: Kitchen) -> None:
    await Post.filter(id=kitchen.post.id).update(body="No marmalade today", version=2)

    [edge] = (await results(ask, kitchen.ann, "marmalade", kinds=["POST"]))["edges"]

    assert edge["node"]["body"] == "No marmalade today"
    assert edge["highlights"] == [{"field": "body", "html": "No <mark>marmalade</mark> today"}]


async def test_better_hits_come_first_and_newer_ones_of_the_same_sort(ask: Ask) -> None:
    ann = await a_person("Ann")
    for body in ("gone to the harbour", "an oldish harbour", "harbours", "the harbour is here"):
        await a_post(body, author=ann)
    await a_post("All of the others", author=ann, title="Harbour")
    await indexed(ask)

    found = await searched(ask, ann, "harbour")

    assert found[0] == "All of the others" and found[-1] == "harbours"
    assert len(found) == 5


async def test_an_archived_group_is_found(ask: Ask) -> None:
    ann = await a_person("Ann")
    await a_group("Falcon", archived=True, visibility=Visibility.PRIVATE)
    await indexed(ask)

    assert await searched(ask, ann, "falcon") == ["Falcon"]


async def test_a_thousand_hits_are_told_to_be_not_all(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post("a common word", author=ann)
    kept = ("author_id", "audience_id", "body", "created_at", "published_at", "kind", "status")
    await Post.bulk_create([Post(**{name: getattr(post, name) for name in kept}) for _ in range(HITS_MAX)])
    await indexed(ask)

    page = await results(ask, ann, "common", 1)

    assert (page["totalCount"], page["totalCountIsExact"]) == (HITS_MAX, False)
    assert facet(page, "AUTHOR") == {"Ann": HITS_MAX}


async def test_a_page_takes_as_many_statements_whatever_it_finds(
    ask: Ask, kitchen: Kitchen, statements: list[str]
) -> None:
    viewer = (await ask.context(kitchen.ann)).viewer
    assert viewer
    counts: list[int] = []
    for _ in range(2):
        statements.clear()
        await results(ask, viewer, "marmalade")
        counts.append(len(statements))
        for i in range(30):
            pam = await a_person(f"Marmalade {i}")
            post = await tagged(await a_post("marmalade", author=pam), kitchen.tag)
            await a_comment(post, "marmalade", author=pam)
            await a_message(kitchen.talk, "marmalade", author=kitchen.ann)
        await indexed(ask)

    assert counts[0] + 2 >= counts[1], counts
