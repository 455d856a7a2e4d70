"""The ground of the leak hunt: a company with insiders, every kind of outsider, and what outsiders must not know.

A domain joins by functions in its own module of `tests/factories`: `settle(ground)` for what stands before the hunt
begins, some of it perhaps known to some outsiders, and `plant(ground)` for what all outsiders must miss altogether, to
the last count. They note each secret by `ground.word(…)` and `ground.hide(…)`.
"""

from __future__ import annotations

import importlib
import pkgutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from auth import sessions
from auth.viewer import Viewer
from execution.ids import decode_id
from models import audiences, db
from models.audiences import Audience, AudienceKind
from models.groups import Membership
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.outsiders import ALL, Outsider
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role, as_viewer
from tests.leaks.answers import is_id
from tests.search.asking import indexed

PLACE = "Bern"
SAMPLE = 2  # hidden ids of each type that are tried everywhere

BLUNT = ("session:write", "search:read", "feed:write", "people:write", "org:write")
"""The scopes of the insider's token: whatever does not read people, units or posts."""


@dataclass(frozen=True)
class Secret:
    """A text that gives something away to any of `hidden_from`: a word, a global id, a key.

    One that is not told (`is_told`) is hidden from insiders, too, the owner of all among them.
    """

    text: str
    hidden_from: frozenset[Outsider]
    is_told: bool = True


@dataclass
class Ground:
    """Insiders are in the unit, at the place and on each other's lists: Ida, Ivan and, until they go, two outsiders.

    Iris is there, too, but only reads; a token of hers hunts.
    """

    ask: Ask
    unit: OrgUnit
    cellar: OrgUnit
    ida: Person
    ivan: Person
    iris: Person
    outsiders: dict[Outsider, Person]
    insiders: list[Person]
    place: str = PLACE
    lists: list[uuid.UUID] = field(default_factory=list[uuid.UUID])
    groups: list[uuid.UUID] = field(default_factory=list[uuid.UUID])
    secrets: list[Secret] = field(default_factory=list[Secret])
    old_access: uuid.UUID | None = None

    def word(self, about: str, hidden_from: Iterable[Outsider] = ALL, *, is_told: bool = True) -> str:
        """A word that is nowhere else, to be put into a text."""
        word = f"{about}{uuid.uuid4().hex[:12]}"
        self.secrets.append(Secret(word, frozenset(hidden_from), is_told))
        return word

    def hide(self, id: str, hidden_from: Iterable[Outsider] = ALL) -> None:
        """An id that, though insiders know it, must not be told, and must lead nowhere."""
        key = str(decode_id(id)[1])
        self.secrets += [Secret(text, frozenset(hidden_from)) for text in (id, key)]

    def hidden_from(self, who: Outsider) -> set[str]:
        """All texts that would give something away to this outsider."""
        return {secret.text for secret in self.secrets if who in secret.hidden_from}

    def sample(self, who: Outsider) -> list[str]:
        """Some ids that are hidden from the outsider, early and late ones of each type."""
        found: dict[str, list[str]] = {}
        for text in sorted(filter(is_id, self.hidden_from(who))):
            found.setdefault(decode_id(text)[0], []).append(text)
        return [id for ids in found.values() for id in ids[:: max(1, len(ids) // SAMPLE)]]

    async def viewer(self, who: Outsider) -> Viewer | None:
        """The outsider, as one who sends a request at this moment is known."""
        now = self.ask.services.clock.now()
        match who:
            case Outsider.ANONYMOUS:
                return None
            case Outsider.LEFT:
                assert self.old_access
                return await sessions.again(self.old_access, now)
            case Outsider.TOKEN:
                _, token = await sessions.open_token(self.iris.id, "blunt", BLUNT, now + timedelta(days=1), now=now)
                return await sessions.again(token.id, now)
            case _:
                return await as_viewer(self.outsiders[who], now)

    async def plant(self) -> None:
        """Have every domain plant what nobody outside may notice."""
        await _each("plant", self)
        await self.index()

    async def index(self) -> None:
        """Have the search index hold everything that is there, also what was made without a word in the log."""
        await indexed(self.ask)


async def a_ground(ask: Ask) -> Ground:
    """A company with what is settled in it, everybody where they will be when the hunt begins."""
    unit, other = await a_unit("Laboratory"), await a_unit("Sales")
    cellar = await a_unit("Cellar", parent=unit)
    ida = await a_person("Ida", unit=unit, location=PLACE)
    pam = await a_person("Pam", unit=cellar, manager=ida)
    ivan = await a_person("Ivan", unit=unit, location=PLACE, manager=pam)
    iris = await a_person("Iris", unit=unit, location=PLACE, manager=pam)
    outsiders = {
        Outsider.ELSEWHERE: await a_person("Elsa", unit=other),
        Outsider.HEAD: await a_person("Hera", unit=other),
        Outsider.ADMIN: await a_person("Adam", unit=other),
        Outsider.MOVED: await a_person("Mona", unit=unit, location=PLACE),
        Outsider.LEFT: await a_person("Leo", unit=unit, location=PLACE),
        Outsider.GUEST: await a_guest("Gil"),
    }
    await a_role(outsiders[Outsider.ADMIN], Role.ADMIN)
    await OrgUnit.filter(id=other.id).update(head_id=outsiders[Outsider.HEAD].id)
    insiders = [ida, ivan, outsiders[Outsider.MOVED], outsiders[Outsider.LEFT]]
    ground = Ground(ask, unit, cellar, ida, ivan, iris, outsiders, insiders)
    await _befriend(ground, pam)
    await _each("settle", ground)
    await _move(ground, other)
    await ground.index()
    return ground


async def _befriend(ground: Ground, pam: Person) -> None:
    """Give the guest a group with one person of the company, whose manager, reports and unit stay hidden."""
    async with db.transaction():
        group = await Audience.create(kind=AudienceKind.GROUP)
        await audiences.add(group.id, [ground.outsiders[Outsider.GUEST].id, pam.id], listed=False)


async def _move(ground: Ground, to: OrgUnit) -> None:
    """Take those who were insiders away: one to another unit and place, one out of the company."""
    ground.insiders = [ground.ida, ground.ivan]
    mona, leo = ground.outsiders[Outsider.MOVED], ground.outsiders[Outsider.LEFT]
    old = await as_viewer(leo, ground.ask.services.clock.now())
    ground.old_access = old.access_id
    async with db.transaction():
        await Person.filter(id=mona.id).update(unit_id=to.id, location="Oslo")
        await Person.filter(id=leo.id).update(active=False)
        await audiences.follow_locations([mona.id, leo.id])
        for one in (*ground.lists, *ground.groups):
            await audiences.remove(one, [mona.id, leo.id])
        await Membership.filter(person_id__in=[mona.id, leo.id]).delete()


async def _each(name: str, ground: Ground) -> None:
    for info in pkgutil.iter_modules(importlib.import_module("tests.factories").__path__):
        act = getattr(importlib.import_module(f"tests.factories.{info.name}"), name, None)
        if act is not None:
            await act(ground)
