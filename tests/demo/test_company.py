"""The demonstration company: the same at every run, sound as a chart, believable as a feed."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from atrium.demo.accounts import EMAILS
from atrium.demo.company import Company
from atrium.demo.names import fold
from atrium.demo.places import PLACES
from atrium.demo.records import Group, Member, Person, Post, Unit
from atrium.demo.skills import SKILLS
from atrium.demo.tags import NAMES as TAGS
from models.groups import GroupRole, JoinPolicy, MembershipStatus, Visibility

TODAY = datetime(2026, 3, 18, 15, 4, tzinfo=UTC)
DAYS = 30
SIZES = (10, 300, 5_000)

a_size = pytest.mark.parametrize("size", SIZES)


@cache
def a_company(size: int = 300, seed: int = 1) -> Company:
    return Company.generate(size, seed, DAYS, TODAY)


def everything(company: Company) -> bytes:
    """All of it, as it would be loaded."""
    echoes, stage = company.echoes(), company.stage
    threads = [*company.threads(), *stage.threads]
    rows = [list(echoes.rows(thread)) for thread in threads]
    chat = [(talk, list(made)) for talk, made in company.chat.rows()]
    return repr((company.units, company.people, company.groups, company.tags, threads, rows, chat)).encode()


def above(company: Company) -> dict[UUID, tuple[UUID, ...]]:
    """Of each unit: itself and all units above it, the root last."""
    found: dict[UUID, tuple[UUID, ...]] = {}
    for unit in company.units:
        found[unit.id] = (unit.id, *(found[unit.parent_id] if unit.parent_id else ()))
    return found


def members(group: Group) -> list[Member]:
    """Those who are in it."""
    return [member for member in group.members if member.status is MembershipStatus.MEMBER]


def unit_of(company: Company, person: Person) -> Unit:
    return next(unit for unit in company.units if unit.id == person.unit_id)


def test_the_same_arguments_give_the_same_company() -> None:
    again = Company.generate(300, 1, DAYS, TODAY)

    assert everything(again) == everything(a_company())
    assert list(again.posts()) == [thread.post for thread in again.threads()]
    assert list(again.comments()) == [comment for thread in again.threads() for comment in thread.comments]


def test_only_the_day_of_today_counts() -> None:
    late = TODAY.replace(hour=23, minute=59).astimezone(timezone(timedelta(hours=9)))

    assert everything(Company.generate(300, 1, DAYS, late)) == everything(a_company())


def test_another_seed_gives_another_company() -> None:
    names = {person.name for person in a_company().people} & {person.name for person in a_company(seed=2).people}

    assert everything(a_company()) != everything(a_company(seed=2))
    assert len(names) < 60


def test_the_hash_seed_of_the_process_does_not_matter() -> None:
    code = (
        "import hashlib; from datetime import UTC, datetime; from atrium.demo.company import Company; "
        "c = Company.generate(120, 3, 14, datetime(2026, 3, 18, tzinfo=UTC)); "
        "e = c.echoes(); rows = [list(e.rows(t)) for t in (*c.threads(), *c.stage.threads)]; "
        "chat = [(t, list(made)) for t, made in c.chat.rows()]; "
        "print(hashlib.sha256(repr((c.units, c.people, c.groups, c.tags, rows, chat)).encode()).hexdigest())"
    )

    digests = {_run(code, hash_seed) for hash_seed in ("0", "1", "77")}

    assert len(digests) == 1


@a_size
def test_everyone_has_an_address_and_a_number_of_their_own(size: int) -> None:
    people = a_company(size).people

    assert len(people) == size
    assert len({person.id for person in people}) == size
    assert len({person.email for person in people}) == size
    assert all(re.fullmatch(r"[a-z]+[a-z.-]*\d*@atrium\.example", person.email) for person in people)
    numbers = [person.employee_id for person in people if person.employee_id]
    assert len(set(numbers)) == size - 1
    assert all(re.fullmatch(r"0\d{7}", number) for number in numbers)


@a_size
def test_the_units_are_one_tree_given_from_the_root_down(size: int) -> None:
    units = a_company(size).units
    depths = {units[0].id: 1}
    for unit in units[1:]:
        assert unit.parent_id is not None
        depths[unit.id] = depths[unit.parent_id] + 1

    assert units[0].parent_id is None
    assert [depths[unit.id] for unit in units] == [unit.depth for unit in units]
    assert len({unit.name for unit in units}) == len(units)
    assert size < 300 or 4 <= max(depths.values()) <= 6


@a_size
def test_a_head_belongs_to_their_unit(size: int) -> None:
    company = a_company(size)
    people = {person.id: person for person in company.people}

    assert all(people[unit.head_id].unit_id == unit.id for unit in company.units)
    assert sum(person.is_head for person in company.people) == len(company.units)


@a_size
def test_reporting_lines_are_one_tree_that_follows_the_units(size: int) -> None:
    company = a_company(size)
    people, over = {person.id: person for person in company.people}, above(company)
    tops = [person for person in company.people if person.manager_id is None and person.unit_id]

    for person in company.people:
        line = [person]
        while line[-1].manager_id:
            line.append(people[line[-1].manager_id])
            assert len(line) <= 9
        assert person.unit_id is None or line[-1] is tops[0]
        assert all(b.unit_id in over[a.unit_id] for a, b in pairwise(line) if a.unit_id)
    spans = Counter(person.manager_id for person in company.people if person.manager_id).values()
    assert len(tops) == 1
    assert max(spans) <= 40
    assert size < 300 or 4 <= median(spans) <= 12


def test_a_few_units_are_huge() -> None:
    for size in (300, 5_000):
        company = a_company(size)
        over, sizes = above(company), Counter[UUID]()
        for person in company.people:
            sizes.update(over[person.unit_id] if person.unit_id else ())
        below_root = [sizes[unit.id] for unit in company.units[1:]]

        assert max(below_root) >= 5 * median(below_root)
        assert min(below_root) >= 2


@pytest.mark.parametrize("seed", range(5))
@a_size
def test_the_four_accounts_come_first(size: int, seed: int) -> None:
    company = a_company(size, seed)
    admin, head, member, guest = company.people[:4]
    people = {person.id: person for person in company.people}

    assert [p.email.partition("@")[0] for p in (admin, head, member, guest)] == ["admin", "head", "member", "guest"]
    assert {person.email for person in company.people[:4]} == EMAILS
    assert [p.roles for p in (admin, head, member, guest)] == [("ADMIN", "HR", "COMMUNICATOR"), (), (), ("GUEST",)]
    assert unit_of(company, admin).kind == "it"
    assert unit_of(company, head).head_id == head.id
    assert member.unit_id == head.unit_id
    assert member.id not in {person.manager_id for person in company.people}
    assert member.manager_id is not None
    assert head.id in (member.manager_id, people[member.manager_id].manager_id)
    assert guest.unit_id is guest.manager_id is guest.employee_id is None


@a_size
def test_groups_are_of_every_kind_and_led_by_those_who_were_there(size: int) -> None:
    company = a_company(size)
    people = {person.id: person for person in company.people}

    assert {group.visibility for group in company.groups} == {*Visibility}
    assert {group.join_policy for group in company.groups} == {*JoinPolicy}
    assert sum(group.is_default for group in company.groups) == 1
    assert sum(group.archived_at is not None for group in company.groups) == 1
    assert len({group.name for group in company.groups}) == len(company.groups)
    for group in company.groups:
        inside = members(group)
        assert inside[0].role is GroupRole.OWNER
        assert len({member.person_id for member in group.members}) == len(group.members)
        assert all(max(group.created_at, people[m.person_id].created_at) <= m.since for m in group.members)
        assert group.visibility is not Visibility.SECRET or group.join_policy is JoinPolicy.INVITE
        guests = [member.role for member in inside if not people[member.person_id].unit_id]
        assert guests == ([GroupRole.GUEST] if group.name == "Brightwell partnership" else [])


def test_a_few_groups_have_most_members() -> None:
    sizes = sorted(len(members(group)) for group in a_company(5_000).groups)

    assert len(sizes) > 100
    assert sum(sizes[-len(sizes) // 10 :]) > 0.4 * sum(sizes)


@a_size
def test_comments_come_after_their_post_from_people_who_may_see_it(size: int) -> None:
    company = a_company(size)
    people, over = {person.id: person for person in company.people}, above(company)
    end = TODAY.replace(hour=0, minute=0)
    inside = {(group.id, m.person_id): m.since for group in company.groups for m in members(group)}
    closed = {group.id: group.archived_at for group in company.groups if group.archived_at}

    def may_write(author_id: UUID, post: Post, at: datetime) -> bool:
        if post.group_id:
            return inside[post.group_id, author_id] <= at < closed.get(post.group_id, end)
        unit_id = people[author_id].unit_id
        if unit_id is None or at < people[author_id].created_at:
            return False
        return post.unit_id is None or post.unit_id in over[unit_id]

    for thread in company.threads():
        post, heard = thread.post, dict[UUID, datetime]()
        assert end - timedelta(days=DAYS) <= post.published_at < end
        assert may_write(post.author_id, post, post.published_at)
        assert post.title is None or len(post.title) < 200
        assert post.body
        assert "{" not in post.body.partition("```")[0]
        assert set(post.tags) <= set(TAGS)
        for comment in thread.comments:
            assert comment.post_id == post.id
            assert post.published_at < comment.created_at < end
            assert may_write(comment.author_id, post, comment.created_at)
            assert comment.body
            assert "{" not in comment.body
            if comment.parent_id:
                assert heard[comment.parent_id] <= comment.created_at
            else:
                assert comment.author_id != post.author_id
                heard[comment.id] = comment.created_at


@a_size
def test_keys_carry_the_moment(size: int) -> None:
    company = a_company(size)
    posts, comments = list(company.posts()), list(company.comments())
    moments = [(post.id, post.published_at) for post in posts] + [(c.id, c.created_at) for c in comments]
    moments += [(each.id, each.created_at) for each in (*company.units, *company.people)]

    assert all(key.version == 7 and key.variant == "specified in RFC 4122" for key, _ in moments)
    assert all(timedelta(milliseconds=key.int >> 80) == at - datetime(1970, 1, 1, tzinfo=UTC) for key, at in moments)
    assert len({key for key, _ in moments}) == len(moments)
    assert [post.published_at for post in posts] == sorted(post.published_at for post in posts)


def test_the_talk_is_as_much_as_asked_for() -> None:
    company = Company.generate(300, 1, DAYS, TODAY, posts=1_000, comments=3_187)

    assert (len(list(a_company().posts())), len(list(a_company().comments()))) == (300, 900)
    assert (len(list(company.posts())), len(list(company.comments()))) == (1_000, 3_187)
    assert list(Company.generate(10, 1, 1, TODAY, posts=0).threads()) == []


def test_there_are_about_as_many_reactions_as_asked_for_and_few_emoji_dominate() -> None:
    company = Company.generate(5_000, 1, DAYS, TODAY, posts=800, comments=2_000, reactions=4_000)
    echoes = company.echoes()

    emoji = Counter(row[2] for t in company.threads() for table, row in echoes.rows(t) if table == "reaction")

    assert 3_600 < emoji.total() <= 4_000
    assert sum(count for _, count in emoji.most_common(3)) > 0.5 * emoji.total()
    assert len(emoji) > 15


def test_a_company_grows() -> None:
    posts = [post.published_at for post in Company.generate(300, 1, 730, TODAY, posts=2_000).posts()]
    middle = TODAY - timedelta(days=365)

    assert sum(at > middle for at in posts) > 1.3 * sum(at < middle for at in posts)


def test_the_talk_is_skewed_and_keeps_office_hours() -> None:
    threads = list(a_company(5_000).threads())
    authors = sorted(Counter(thread.post.author_id for thread in threads).values())
    counts = sorted(len(thread.comments) for thread in threads)
    days = Counter(thread.post.published_at.weekday() for thread in threads)
    soon = [c.created_at - t.post.published_at < timedelta(hours=8) for t in threads for c in t.comments]

    assert sum(authors[-len(authors) // 10 :]) > 0.25 * len(threads)
    assert sum(counts[-len(counts) // 10 :]) > 0.4 * sum(counts)
    assert days[1] > 4 * days[6]
    assert sum(soon) > 0.7 * len(soon)


def test_the_talk_is_in_four_languages_and_of_many_lengths() -> None:
    posts = list(a_company(5_000).posts())
    languages = Counter(post.language for post in posts)
    lengths = sorted(len(post.body) for post in posts)

    assert set(languages) == {"en", "de", "fr", "es"}
    assert languages["en"] > len(posts) / 2
    assert lengths[len(lengths) // 10] < 120
    assert lengths[-len(lengths) // 10] > 350
    assert any("```sql" in post.body for post in posts)
    assert any("\n- " in post.body for post in posts)
    assert len({post.body for post in posts}) > 0.8 * len(posts)


def test_names_are_of_many_scripts_and_seldom_shared() -> None:
    people = a_company(5_000).people
    names = Counter(person.name for person in people)

    assert sum(count for count in names.values() if count > 1) < 0.03 * len(people)
    assert any("\u4e00" <= person.name[0] <= "\u9fff" for person in people)
    assert any("\u0400" <= person.name[0] <= "\u04ff" for person in people)
    assert any(" " not in person.name and person.name.isascii() for person in people)
    assert (fold("Łukasz"), fold("O'Brien"), fold("Ọlákúnlé"), fold("Weiß")) == (
        "lukasz",
        "obrien",
        "olakunle",
        "weiss",
    )


def test_people_have_skills_of_the_catalogue_and_real_time_zones() -> None:
    people = a_company(5_000).people
    bearers = Counter(skill for person in people for skill in person.skills)

    assert len(SKILLS) == len(set(SKILLS)) >= 150
    assert {"C#", "C++", ".NET", "Nursing", "Welding"} <= set(SKILLS)
    assert set(bearers) <= set(SKILLS)
    assert max(bearers.values()) > 5 * median(bearers.values())
    assert all(ZoneInfo(place.time_zone) for place in PLACES)


@pytest.mark.parametrize(
    ("people", "days", "today", "why"),
    [
        (9, 30, TODAY, "10 to 200,000 people"),
        (10, 0, TODAY, "1 to 3,650 days"),
        (10, 1, TODAY.replace(tzinfo=None), "time zone"),
    ],
)
def test_arguments_out_of_range_are_refused(people: int, days: int, today: datetime, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Company.generate(people, 1, days, today)


def _run(code: str, hash_seed: str) -> str:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, check=True, capture_output=True, text=True
    ).stdout
