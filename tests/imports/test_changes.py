"""A file against people who are there already: what it may change, and what ends with it."""

from datetime import datetime, timedelta

import pytest

from atrium.imports.report import Reason, TooManyAbsent
from auth import sessions
from models import db, timeline, today
from models.conversations import ConversationKind
from models.org import OrgUnit
from models.people import Person
from tests.conversations.acting import inside, owners
from tests.factories.chat import a_conversation
from tests.factories.people import a_person
from tests.factories.session import as_viewer
from tests.imports.conftest import Bring, codes, stored

MANY = [f"{n:02},Person {n}\n" for n in range(20)]


async def leave(name: str, now: datetime) -> None:
    """Have somebody leave today, as HR does by hand."""
    person = await Person.get(name=name)
    async with db.transaction():
        for fact in (timeline.MEMBERS, timeline.HOLDINGS):
            await timeline.cease(fact, "person_id", [person.id], now.date())
        await today.follow(now.date(), now, people=[person.id])


async def kinds() -> list[tuple[str, bool]]:
    return [tuple(r) for r in await db.rows("SELECT kind, quiet FROM event ORDER BY id")]


async def test_a_change_raises_the_version_and_is_told(bring: Bring) -> None:
    await bring("external_id,name,title,location\n1,Ann,Cook,Oslo\n2,Bob,Cook,Oslo\n")
    bring.clock.turn(hours=1)
    await db.execute("DELETE FROM event")

    report = await bring("external_id,name,title,location\n1,Ann,Chef,Rome\n2,Bob,Cook,Oslo\n")

    assert (report.people.updated, report.people.unchanged) == (1, 1)
    assert await stored("title", "version") == {"1": ("Chef", 2), "2": ("Cook", 1)}
    ann = await Person.get(name="Ann")
    assert ann.updated_at == bring.clock.now() == ann.created_at + timedelta(hours=1)
    assert await kinds() == [("PersonChanged", True), ("RightsChanged", False), ("PositionChanged", True)]
    places = "SELECT a.location FROM audience a JOIN audience_member m ON m.audience_id = a.id WHERE m.person_id = $1"
    assert [r[0] for r in await db.rows(places, ann.id)] == ["Rome"]


async def test_columns_that_are_not_there_change_nothing(bring: Bring) -> None:
    header = "external_id,name,email,title,department,manager_external_id,location,pronouns,bio,active\n"
    await bring(header + "1,Ann,ann@acme.example,Cook,Kitchen,2,Oslo,she,Cooks.,true\n2,Bob,,,,,,,,\n")
    before = await stored("email", "title", "unit", "manager", "location", "pronouns", "bio", "active")

    report = await bring("external_id,name\n1,Ann\n2,Bob\n")

    assert report.people.unchanged == 2
    assert await stored("email", "title", "unit", "manager", "location", "pronouns", "bio", "active") == before


async def test_empty_cells_clear_what_is_hrs(bring: Bring) -> None:
    header = "external_id,name,email,title,department,manager_external_id,location,pronouns,bio\n"
    await bring(header + "1,Ann,ann@acme.example,Cook,Kitchen,2,Oslo,she,Cooks.\n2,Bob,,,,,,,\n")

    await bring(header + "1,Ann,,,,,,,\n2,Bob,,,,,,,\n")

    # An address is how they sign in, and the last three are their own words: no cell takes those away by being empty.
    assert (await stored("title", "unit", "manager", "location"))["1"] == ("", None, None, None)
    assert (await stored("email", "pronouns", "bio"))["1"] == ("ann@acme.example", "she", "Cooks.")


async def test_what_people_write_of_themselves_outlives_the_nightly_import(bring: Bring) -> None:
    await bring("external_id,name,title,bio\n1,Ann,Cook,From HR.\n")
    await Person.filter(name="Ann").update(bio="My own.", title="Queen")
    await db.execute("UPDATE position_term SET title = 'Queen'")

    await bring("external_id,name,title,bio\n1,Ann,Cook,From HR.\n")
    assert await stored("bio", "title", "active") == {"1": ("My own.", "Cook", True)}

    await bring("external_id,name,title,bio\n1,Ann,Chef,From HR.\n")
    assert await stored("bio", "title", "active") == {"1": ("From HR.", "Chef", True)}


async def test_a_closing_by_hand_outlives_the_nightly_import(bring: Bring) -> None:
    text = "external_id,name,title,active\n1,Ann,Cook,true\n"
    await bring(text)
    await leave("Ann", bring.clock.now())

    assert (await bring(text)).people.unchanged == 1
    assert await stored("active") == {"1": False}

    await bring("external_id,name,title,active\n1,Ann,Chef,true\n")
    assert await stored("active", "title") == {"1": (True, "Chef")}


async def test_addresses_may_change_hands(bring: Bring) -> None:
    header = "external_id,name,email\n"
    await bring(header + "1,Ann,a@acme.example\n2,Bob,b@acme.example\n3,Cleo,c@acme.example\n")

    report = await bring(
        header + "1,Ann,b@acme.example\n2,Bob,a@acme.example\n3,Cleo,d@acme.example\n4,Dan,c@acme.example\n"
    )

    assert not report.problems
    assert await stored("email") == dict(zip("1234", (f"{x}@acme.example" for x in "badc"), strict=True))


async def test_an_address_of_somebody_else_is_not_taken(bring: Bring) -> None:
    await a_person("Zed", email="zed@acme.example")
    header = "external_id,name,email\n"
    await bring(header + "1,Ann,a@acme.example\n2,Bob,b@acme.example\n3,Cleo,c@acme.example\n")

    # Ann cannot have Zed's, so she keeps hers, so Bob cannot have it, and Cleo not Bob's.
    report = await bring(header + "3,Cleo,b@acme.example\n2,Bob,a@acme.example\n1,Ann,zed@acme.example\n")

    assert codes(report) == [(2, "shared_email"), (3, "shared_email"), (4, "shared_email")]
    assert await stored("email") == {"1": "a@acme.example", "2": "b@acme.example", "3": "c@acme.example"}
    assert report.people.unchanged == 3


async def test_nobody_is_adopted_by_address(bring: Bring) -> None:
    zed = await a_person("Zed", email="zed@acme.example")

    report = await bring("external_id,name,email\n1,Zed,zed@acme.example\n")

    assert codes(report) == [(2, "shared_email")]
    assert report.people.created == 1
    assert (await Person.get(id=zed.id)).version == 1


async def test_whoever_has_a_shared_address_keeps_it(bring: Bring) -> None:
    await bring("external_id,name,email\n1,Ann,ann@acme.example\n")

    report = await bring("external_id,name,email\n1,Ann,ann@acme.example\n2,Bob,ann@acme.example\n")

    assert codes(report) == [(3, "shared_email")]
    assert await stored("email") == {"1": "ann@acme.example", "2": None}


async def test_closing_an_account_ends_its_sessions(bring: Bring) -> None:
    await bring("external_id,name,active,location\n1,Ann,true,Oslo\n")
    ann = await as_viewer(await Person.get(name="Ann"), bring.clock.now())
    await db.execute("DELETE FROM event")

    report = await bring("external_id,name,active,location\n1,Ann,false,Oslo\n")

    assert (report.people.deactivated, report.people.updated) == (1, 0)
    assert await kinds() == [
        ("PersonDeactivated", True),
        ("RightsChanged", False),
        ("AccessRevoked", False),
        ("PositionChanged", True),
    ]
    assert await stored("active", "auth_epoch", "version") == {"1": (False, 2, 2)}
    assert ann.access_id
    assert await sessions.again(ann.access_id, bring.clock.now()) is None
    assert await db.value("SELECT count(*) FROM access") == 0
    assert await db.value("SELECT count(*) FROM audience_member") == 0

    again = await bring("external_id,name,active,location\n1,Ann,true,Oslo\n")

    assert (again.people.updated, await stored("active")) == (1, {"1": True})


async def test_guests_are_left_alone(bring: Bring) -> None:
    await bring("external_id,name,department\n1,Ann,Kitchen\n2,Bob,Kitchen\n")
    await Person.filter(name="Ann").update(is_guest=True, unit_id=None)

    report = await bring("external_id,name,department\n1,Anna,Office\n2,Bob,Kitchen\n", mode="full")

    assert codes(report) == [(2, "guest")]
    assert (report.people.skipped, report.people.unchanged, report.people.deactivated) == (1, 1, 0)
    assert (await stored("name", "active"))["1"] == ("Ann", True)


async def test_whoever_was_erased_comes_as_somebody_new(bring: Bring) -> None:
    await bring("external_id,name,department\n1,Ann,Kitchen\n")
    await Person.filter(name="Ann").delete()
    await db.execute("TRUNCATE unit_closure, unit_term, position_term, holding, reporting_line")
    await db.execute("DELETE FROM position")
    await OrgUnit.all().delete()

    report = await bring("external_id,name,department\n1,Ann,Kitchen\n")

    assert (report.people.created, report.units.created) == (1, 1)
    assert await stored("unit") == {"1": "Kitchen"}


async def test_only_a_full_import_closes_accounts_of_the_absent(bring: Bring) -> None:
    await bring("external_id,name\n" + "".join(MANY))
    most = "external_id,name\n" + "".join(MANY[2:])

    assert (await bring(most)).people.deactivated == 0
    told = await bring(most, mode="full", dry_run=True)
    report = await bring(most, mode="full")

    assert told == report
    assert (report.people.deactivated, report.people.unchanged, report.chart.posts) == (2, 18, 18)
    assert [id for id, active in (await stored("active")).items() if not active] == ["00", "01"]
    assert (await bring(most, mode="full")).people.deactivated == 0


async def test_whoever_comes_back_is_active_again(bring: Bring) -> None:
    everyone = "external_id,name\n" + "".join(MANY)
    await bring(everyone)
    await bring("external_id,name\n" + "".join(MANY[1:]), mode="full")

    report = await bring(everyone)

    assert (report.people.updated, report.people.unchanged) == (1, 19)
    assert all((await stored("active")).values())


async def test_too_many_absent_stop_a_full_import(bring: Bring) -> None:
    await bring("external_id,name\n" + "".join(MANY))
    some = "external_id,name\n99,New\n" + "".join(MANY[3:])

    with pytest.raises(TooManyAbsent) as caught:
        await bring(some, mode="full")

    assert (caught.value.absent, caught.value.known) == (3, 20)
    assert await db.value("SELECT count(*) FROM person WHERE active") == 20
    assert (await bring(some, mode="full", absent_share=1.0)).people.deactivated == 3


async def test_other_sources_are_not_absent(bring: Bring) -> None:
    await a_person("Zed")
    await bring("external_id,name\n1,Ann\n", source="other")
    await bring("external_id,name\n" + "".join(MANY), source="hr")

    assert (await bring("external_id,name\n" + "".join(MANY), source="hr", mode="full")).people.deactivated == 0
    assert await db.value("SELECT count(*) FROM person WHERE active") == 22


async def test_a_broken_row_is_not_an_absence(bring: Bring) -> None:
    await bring("external_id,name\n1,Ann\n2,Bob\n")

    report = await bring("external_id,name\n1,Ann\n2,\n", mode="full")

    assert (codes(report), report.people.deactivated) == ([(3, "missing_field")], 0)
    assert await bring.refused("external_id,name\n1,Ann\n,Bob\n", mode="full") is Reason.UNREADABLE_ROWS


async def test_who_leaves_by_a_file_leaves_their_conversations_but_those_of_two(bring: Bring) -> None:
    header = "external_id,name,active\n"
    await bring(header + "1,Ann,true\n2,Bob,true\n")
    ann, bob = await Person.get(name="Ann"), await Person.get(name="Bob")
    group, direct = await a_conversation(ann, bob), await a_conversation(ann, bob, kind=ConversationKind.DIRECT)

    await bring(header + "1,Ann,false\n2,Bob,true\n")
    assert [await inside(one) for one in (group, direct)] == [["Bob"], ["Ann", "Bob"]]
    assert await owners(group) == ["Bob"]
    assert [kind for kind, _ in await kinds() if "Conversation" in kind] == ["ConversationLeft", "ConversationChanged"]

    await bring(header + "1,Ann,true\n2,Bob,true\n")
    assert [await inside(one) for one in (group, direct)] == [["Bob"], ["Ann", "Bob"]]
