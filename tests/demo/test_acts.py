"""What colleagues do next in a living demonstration company."""

from __future__ import annotations

from collections import Counter
from random import Random
from uuid import UUID

from atrium.demo.accounts import EMAILS
from atrium.demo.acts import Colleague, RecentPost, next_act
from atrium.demo.texts import Writer, write_comment
from tests.demo.test_company import a_company, above, members


def test_acts_are_by_colleagues_who_may_see_what_they_answer() -> None:
    company, over = a_company(), above(a_company())
    live = [group for group in company.groups if not group.archived_at]
    groups = {p.id: tuple(g.id for g in live if p.id in {m.person_id for m in members(g)}) for p in company.people}
    people = [
        Colleague(p.id, p.email, p.name, p.kind, p.place.city, over[p.unit_id][:-1], p.is_head, groups[p.id])
        for p in company.people
        if p.unit_id
    ]
    recent = [
        RecentPost(p.id, p.author_id, p.unit_id, p.kind, p.tags, p.language, group_id=p.group_id)
        for p in company.posts()
    ][::-1]
    by_id, posts, rng = {person.id: person for person in people}, {post.id: post for post in recent}, Random(1)

    acts = Counter[str]()
    for _ in range(500):
        act = next_act(rng, people, recent)
        assert act is not None
        assert act.text
        assert "{" not in act.text.partition("```")[0]
        author = by_id[act.author_id]
        assert author.email not in EMAILS
        to = posts[act.post_id] if act.post_id else act
        assert to.unit_id is None or to.unit_id in author.unit_ids
        assert to.group_id is None or to.group_id in author.group_ids
        acts[act.kind] += 1

    assert min(acts["comment"], acts["reaction"]) > acts["post"] > 50
    assert next_act(Random(1), people, recent) == next_act(Random(1), people, recent)


def test_nobody_acts_in_a_company_of_fixed_accounts_alone() -> None:
    admin = Colleague(UUID(int=1), "admin@atrium.example", "Ann", "it", "Lisbon", (), is_head=False)

    assert next_act(Random(1), [admin], []) is None


def test_a_post_nobody_generated_can_be_answered_too() -> None:
    writer = Writer("it", "Lisbon", "Madrid", "Bob Marsh")

    assert write_comment(Random(1), writer, "poll", ("made-by-hand",), "en")
