"""Who stands above, below and beside whom: through vacancies, job shares and several posts."""

from __future__ import annotations

from typing import Any

from models import timeline, today
from models.people import Person
from models.positions import FOREVER, Holding, Position, ReportingLine
from resolvers.lists import WIDE
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import NOW, SINCE, a_guest, a_person, a_position, a_unit, post_of, reports_to


async def line(ask: Ask, who: Person, about: Person) -> Any:
    return (await ask(who, "lines/line", id=global_id(about), first=50))["person"]


def names(page: Any) -> list[str]:
    return [person["name"] for person in page["nodes"]]


def unit_of(part: Any) -> str | None:
    return part["orgUnit"]["name"] if part["orgUnit"] else None


async def vacate(person: Person) -> None:
    post = await post_of(person)
    await Holding.filter(person_id=person.id).delete()
    await today.follow(NOW.date(), NOW, positions=[post])


async def hold(person: Person, post: Position) -> None:
    await timeline.change(timeline.HOLDINGS, [{"position_id": post.id, "person_id": person.id, "day": SINCE}])
    await today.follow(NOW.date(), NOW, positions=[post.id])


async def test_a_vacancy_does_not_cut_a_line(ask: Ask) -> None:
    top = await a_person("Top")
    gone = await a_person("Gone", manager=top)
    ann, bob = await a_person("Ann", manager=gone), await a_person("Bob", manager=top)
    await vacate(gone)

    found = await line(ask, ann, ann)
    assert (found["manager"]["name"], found["managerIsInterim"]) == ("Top", True)
    assert [person["name"] for person in found["managerChain"]] == ["Top"]
    assert names(found["peers"]) == ["Bob"]
    below = await line(ask, ann, top)
    assert (below["reportCount"], below["teamCount"], names(below["reports"])) == (2, 2, ["Ann", "Bob"])
    assert (await line(ask, ann, bob))["managerIsInterim"] is False


async def test_an_undisclosed_holder_does_not_cut_it_either(ask: Ask) -> None:
    top = await a_person("Top")
    middle = await a_person("Middle", manager=top)
    ann = await a_person("Ann", manager=middle)
    post = await post_of(middle)
    await vacate(middle)
    await timeline.change(timeline.HOLDINGS, [{"position_id": post, "person_id": None, "day": SINCE}])

    assert (await line(ask, ann, ann))["manager"]["name"] == "Top"
    assert names((await line(ask, ann, top))["reports"]) == ["Ann"]


async def test_those_who_share_a_post_both_lead(ask: Ask) -> None:
    one = await a_person("One")
    other = await a_person("Other")
    ann = await a_person("Ann", manager=one)
    shared = await Position.get(id=await post_of(one))
    await Holding.filter(person_id=other.id).delete()
    await hold(other, shared)

    assert [person["name"] for person in (await line(ask, ann, ann))["managerChain"]] == ["One", "Other"]
    assert names((await line(ask, ann, one))["reports"]) == names((await line(ask, ann, other))["reports"]) == ["Ann"]


async def test_who_holds_two_posts_reports_by_both_and_is_led_by_the_first(ask: Ask) -> None:
    one, other = await a_person("One"), await a_person("Other")
    ann = await a_person("Ann", manager=one)
    second = await a_position("Second")
    await timeline.change(
        timeline.SOLID_LINES,
        [{"position_id": second.id, "kind": "SOLID", "manager_id": await post_of(other), "day": SINCE}],
    )
    await hold(ann, second)

    found = await line(ask, ann, ann)
    assert [post["title"] for post in found["positions"]] == [None, "Second"]
    assert found["manager"]["name"] == "One"
    assert names((await line(ask, ann, one))["reports"]) == names((await line(ask, ann, other))["reports"]) == ["Ann"]


async def test_dotted_lines_make_no_chart(ask: Ask) -> None:
    boss, ann = await a_person("Boss"), await a_person("Ann")
    told = {"position_id": await post_of(ann), "kind": "DOTTED", "manager_id": await post_of(boss), "day": SINCE}
    await timeline.change(timeline.OTHER_LINES, [told])

    assert (await line(ask, ann, ann))["manager"] is None
    assert (await line(ask, ann, boss))["reportCount"] == 0
    position = await Position.get(id=await post_of(ann))
    found = (await ask(ann, "positions/position", id=global_id(position), first=1))["position"]
    assert [line["kind"] for line in found["lines"]] == ["DOTTED"]
    assert found["manager"] is None


async def test_the_way_between_two_people(ask: Ask) -> None:
    top = await a_person("Top")
    left, right = await a_person("Left", manager=top), await a_person("Right", manager=top)
    ann, bob = await a_person("Ann", manager=left), await a_person("Bob", manager=right)

    async def path(one: Person, other: Person) -> Any:
        return (await ask(ann, "lines/org_path", from_id=global_id(one), to_id=global_id(other)))["orgPath"]

    found = await path(ann, bob)
    assert [person["name"] for person in found["people"]] == ["Ann", "Left", "Top", "Right", "Bob"]
    assert found["commonManager"]["name"] == "Top"
    assert [person["name"] for person in (await path(ann, left))["people"]] == ["Ann", "Left"]
    assert [person["name"] for person in (await path(top, bob))["people"]] == ["Top", "Right", "Bob"]
    assert [person["name"] for person in (await path(ann, ann))["people"]] == ["Ann"]
    assert await path(ann, await a_person("Alone")) is None
    gil = await a_guest()
    assert (await ask(gil, "lines/org_path", from_id=global_id(ann), to_id=global_id(gil)))["orgPath"] is None


async def test_heads_are_counted_by_unit_and_grade(ask: Ask) -> None:
    top = await a_unit("Top")
    one, other = await a_unit("One", parent=top), await a_unit("Other", parent=top)
    deep = await a_unit("Deep", parent=one)
    ann = await a_person("Ann", unit=top, grade="A")
    for unit, grade in ((one, "A"), (deep, "B"), (deep, None), (other, "B")):
        await a_person("Bob", unit=unit, grade=grade)
    await a_position("Free", unit=deep, grade="B")

    found = (await ask(ann, "headcounts/head_count", org_unit_id=global_id(top)))["headCount"]

    assert found["all"] == {"positions": 6, "people": 5, "vacancies": 1}
    by_unit = {unit_of(part): (part["positions"], part["vacancies"]) for part in found["byUnit"]}
    assert by_unit == {"One": (4, 1), "Other": (1, 0), None: (1, 0)}
    assert {part["grade"]: part["positions"] for part in found["byGrade"]} == {"A": 2, "B": 3, None: 1}
    whole = (await ask(ann, "headcounts/head_count"))["headCount"]
    assert [unit_of(part) for part in whole["byUnit"]] == ["Top"]
    assert (await ask.answer(await a_guest(), "headcounts/head_count")).code == "NOT_FOUND"


async def test_reports_of_many_are_paged(ask: Ask) -> None:
    boss = await a_person("Boss")
    for number in range(5):
        await a_person(f"P{number}", manager=boss)
    first = (await ask(boss, "people/reports", id=global_id(boss), first=3))["person"]["reports"]
    assert (first["totalCount"], names(first), first["pageInfo"]["hasNextPage"]) == (5, ["P0", "P1", "P2"], True)
    after = first["pageInfo"]["endCursor"]
    rest = (await ask(boss, "people/reports", id=global_id(boss), first=3, after=after))["person"]["reports"]
    assert (names(rest), rest["pageInfo"]["hasNextPage"]) == (["P3", "P4"], False)


async def test_nobody_is_their_own_peer(ask: Ask) -> None:
    boss = await a_person("Boss")
    ann, bob = await a_person("Ann", manager=boss), await a_person("Bob", manager=boss)
    assert names((await line(ask, ann, ann))["peers"]) == ["Bob"]
    assert names((await line(ask, ann, boss))["peers"]) == []
    await reports_to(bob, None)
    assert names((await line(ask, ann, ann))["peers"]) == []


async def test_a_manager_of_very_many_has_the_same_pages(ask: Ask) -> None:
    boss = await a_person("Boss")
    top, many = await post_of(boss), WIDE + 5
    posts = [Position(created_at=NOW, filled=True) for _ in range(many)]
    people = [
        Person(name=f"P{i:04}", position_id=post.id, created_at=NOW, updated_at=NOW) for i, post in enumerate(posts)
    ]
    days: dict[str, Any] = {"valid_from": SINCE, "valid_to": FOREVER}
    await Position.bulk_create(posts)
    await Person.bulk_create(people)
    await Holding.bulk_create(
        Holding(position_id=post.id, person_id=person.id, **days) for post, person in zip(posts, people, strict=True)
    )
    await ReportingLine.bulk_create(ReportingLine(position_id=post.id, manager_id=top, **days) for post in posts)

    first = (await ask(boss, "people/reports", id=global_id(boss), first=2))["person"]
    after = first["reports"]["pageInfo"]["endCursor"]
    second = (await ask(boss, "people/reports", id=global_id(boss), first=2, after=after))["person"]["reports"]
    last = (await ask(boss, "people/reports", id=global_id(boss), last=2))["person"]["reports"]

    assert (first["reportCount"], first["reports"]["totalCount"]) == (many, many)
    assert names(first["reports"]) + names(second) == ["P0000", "P0001", "P0002", "P0003"]
    assert names(last) == [f"P{many - 2:04}", f"P{many - 1:04}"]
