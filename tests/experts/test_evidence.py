"""What makes somebody an expert, and what they are told to be one for."""

from __future__ import annotations

from datetime import timedelta

from models.skills import SkillLevel
from tests.conftest import Ask
from tests.experts.asking import an_answer, experts, indexed, nodes_of, scores
from tests.factories.feed import a_comment, a_post
from tests.factories.people import NOW, a_person
from tests.factories.skills import a_person_skill, a_skill, an_endorsement
from tests.factories.tags import a_tag, tagged


async def test_a_better_level_comes_first_and_what_is_not_said_last(ask: Ask) -> None:
    ann, rust = await a_person("Ann"), await a_skill("Rust")
    for name, level in zip(("Eve", "Dan", "Cem", "Bob"), SkillLevel, strict=True):
        await a_person_skill(await a_person(name), rust, level)
    await a_person_skill(await a_person("Abe"), rust)

    found = await experts(ask, ann, "rust")

    assert list(found) == ["Bob", "Cem", "Dan", "Eve", "Abe"]
    assert found["Bob"] == {"SKILL": "Is an expert in Rust."}
    assert found["Abe"] == {"SKILL": "Has the skill Rust."}


async def test_endorsements_count_each_further_one_less(ask: Ask) -> None:
    ann, rust = await a_person("Ann"), await a_skill("Rust")
    held = {name: await a_person_skill(await a_person(name), rust) for name in ("Bob", "Cem", "Dan")}
    people = [await a_person(f"Eve {i}") for i in range(6)]
    for name, count in (("Cem", 3), ("Dan", 6)):
        for person in people[:count]:
            await an_endorsement(held[name], person)

    found, points = await experts(ask, ann, "Rust"), await scores(ask, ann, "Rust")

    assert list(found) == ["Dan", "Cem", "Bob"]
    assert found["Cem"]["ENDORSEMENTS"] == "3 people endorse Rust."
    assert points["Cem"] - points["Bob"] > points["Dan"] - points["Cem"] > 0


async def test_accepted_answers_to_others_make_an_expert(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    tag = await a_tag("rust")
    for asker in (cem, ann):
        question, _ = await an_answer(asker, bob)
        await tagged(question, tag)
    own, _ = await an_answer(cem, cem)
    await tagged(own, tag)

    found = await experts(ask, ann, "rust")

    assert list(found) == ["Bob", "Cem"]
    assert found["Bob"] == {"ACCEPTED_ANSWERS": "2 answers were accepted."}
    assert found["Cem"] == {"POSTS": "Wrote 2 posts and comments about it within a year."}, "one's own does not count"


async def test_an_accepted_answer_that_holds_the_topic_counts_once(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    question, answer = await an_answer(cem, bob, "Take valgrind", question="Does valgrind find it?")
    await indexed(ask, question, answer)

    found = await experts(ask, ann, "valgrind")

    assert found["Bob"]["ACCEPTED_ANSWERS"] == "1 answer of theirs was accepted."
    assert found["Bob"]["POSTS"] == "Wrote 1 post or comment about it within a year."
    assert list(found) == ["Bob", "Cem"]


async def test_a_topic_that_is_only_in_texts_gives_those_who_write_about_it(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    post = await a_post("The valgrind report of today", author=bob)
    comment = await a_comment(post, "And valgrind again", author=cem)
    other = await a_post("And one more for valgrind", author=bob)
    await indexed(ask, post, comment, other)

    found = await experts(ask, ann, "valgrind")

    assert list(found) == ["Bob", "Cem"]
    assert found["Bob"] == {"POSTS": "Wrote 2 posts and comments about it within a year."}


async def test_what_was_written_more_than_a_year_ago_does_not_count_but_an_accepted_answer_does(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    tag = await a_tag("rust")
    long_ago = NOW - timedelta(days=400)
    question, _ = await an_answer(cem, bob, created_at=long_ago, published_at=long_ago)
    await tagged(question, tag)

    assert list(await experts(ask, ann, "rust")) == ["Bob"]


async def test_tags_count_by_every_name_of_the_tag_and_of_the_skill(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    await a_skill("Kubernetes", "k8s")
    await tagged(await a_post(author=bob), await a_tag("kubernetes"))
    await tagged(await a_post(author=cem), await a_tag("containers", "kube"))

    for topic, names in (("k8s", ["Bob"]), ("#kubernetes", ["Bob"]), ("KUBE", ["Bob", "Cem"])):
        assert sorted(await experts(ask, ann, topic)) == names, topic


async def test_texts_count_by_every_name_of_the_skill_and_by_nothing_that_only_looks_like_it(ask: Ask) -> None:
    ann, bob, cem, dan = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    await a_skill("PostgreSQL", "psql")
    texts = {bob: "PostgreSQL it is", cem: "Try psql", dan: "Postgresses and psqls"}
    await indexed(ask, *[await a_post(text, author=author) for author, text in texts.items()])

    assert list(await experts(ask, ann, "postgres")) == ["Bob", "Cem"]


async def test_several_skills_are_asked_for_together(ask: Ask) -> None:
    ann = await a_person("Ann")
    rust, learning = await a_skill("Rust"), await a_skill("Machine learning")
    both, one = await a_person("Bob"), await a_person("Cem")
    for person, skill in ((both, rust), (both, learning), (one, rust)):
        await a_person_skill(person, skill, SkillLevel.EXPERT)

    found = await scores(ask, ann, "rust machine learning")

    assert list(found) == ["Bob", "Cem"]
    assert found["Bob"] == 2 * found["Cem"]


async def test_of_equal_scores_names_decide_and_pages_meet(ask: Ask) -> None:
    ann, rust = await a_person("Ann"), await a_skill("Rust")
    for name in ("eve", "Dan", "Cem", "bob", "Cem"):
        await a_person_skill(await a_person(name), rust)

    names: list[str] = []
    after = None
    while True:
        page = (await ask(ann, "experts/expert_pages", topic="rust", first=2, after=after))["experts"]
        names += [edge["node"]["person"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        assert page["totalCount"] == 5
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert names == ["bob", "Cem", "Cem", "Dan", "eve"]


async def test_a_cursor_belongs_to_its_topic(ask: Ask) -> None:
    ann = await a_person("Ann")
    for name in ("Rust", "Zig"):
        await a_person_skill(await a_person("Bob"), await a_skill(name))
    page = (await ask(ann, "experts/expert_pages", topic="rust", first=1))["experts"]

    answer = await ask.answer(ann, "experts/expert_pages", topic="zig", after=page["pageInfo"]["endCursor"])

    assert [error["extensions"]["code"] for error in answer.errors] == ["INVALID_CURSOR"]


async def test_scores_are_points_of_a_hundred(ask: Ask) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill("Rust")
    held = await a_person_skill(bob, rust, SkillLevel.EXPERT)
    for i in range(30):
        await an_endorsement(held, await a_person(f"Eve {i}"))

    [node] = await nodes_of(ask, ann, "rust")

    assert node["score"] == 55.0
