"""People around Ann, each of whom stands in another way towards her."""

from __future__ import annotations

from dataclasses import dataclass

import pytest_asyncio

from models.people import Person
from models.session import Role
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role


@dataclass(frozen=True)
class Around:
    """Ann, and who looks at her."""

    ann: Person
    boss: Person
    top: Person
    dotted: Person
    report: Person
    colleague: Person
    above: Person
    below: Person
    beside: Person
    hr: Person
    hr_here: Person
    hr_elsewhere: Person


@pytest_asyncio.fixture
async def around(database: None) -> Around:
    """Ann's line leads through units that are not on her path; HR of all, of her unit and of another one."""
    company = await a_unit("Company")
    research = await a_unit("Research", parent=company)
    laboratory = await a_unit("Laboratory", parent=research)
    cellar = await a_unit("Cellar", parent=laboratory)
    sales = await a_unit("Sales", parent=company)
    top = await a_person("Top", unit=sales)
    boss = await a_person("Boss", unit=sales, manager=top)
    ann = await a_person("Ann", unit=laboratory, manager=boss)
    hr, hr_here, hr_elsewhere = [await a_person(name, unit=sales) for name in ("Hal", "Hedda", "Hugo")]
    await a_role(hr, Role.HR)
    await a_role(hr_here, Role.HR, research)
    await a_role(hr_elsewhere, Role.HR, sales)
    return Around(
        ann=ann,
        boss=boss,
        top=top,
        dotted=await a_person("Dora", unit=sales),
        report=await a_person("Rob", unit=sales, manager=ann),
        colleague=await a_person("Cem", unit=laboratory),
        above=await a_person("Abe", unit=research),
        below=await a_person("Bea", unit=cellar),
        beside=await a_person("Bob", unit=sales),
        hr=hr,
        hr_here=hr_here,
        hr_elsewhere=hr_elsewhere,
    )
