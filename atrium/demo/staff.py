"""People for the seats of the tree: names that fit the place, titles that fit the unit, dates that fit the company."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from atrium.demo.accounts import ACCOUNTS, GUEST, seat_accounts
from atrium.demo.bios import draw_bio, draw_pronouns
from atrium.demo.cultures import CULTURES
from atrium.demo.divisions import BOARD, Division
from atrium.demo.ids import seeded_uuid7, stream, to_ms
from atrium.demo.names import NameBook
from atrium.demo.places import HEADQUARTERS, Place, draw_culture, draw_language
from atrium.demo.records import Person
from atrium.demo.skills import draw_skills
from atrium.demo.units import Seat, UnitPlan

COMPANY_AGE = 11_000  # days
_TENURE = 1_900  # days, mean
_DIVISION = 2  # its depth in the tree
_SETTLED = 400  # days that heads and leads have been there at least
_STAFF_TITLES = ("Assistant to the Head", "Project Manager", "Business Controller", "Process Specialist")
_EVERYWHERE = tuple(CULTURES)


@dataclass(frozen=True, slots=True)
class _Hire:
    """What is decided of everyone before anyone is described, since people name their managers by id."""

    id: UUID
    place: Place
    started_on: date
    created_at: datetime


class Staff:
    """Describes the people of all seats, one by one in the order of the seats."""

    def __init__(
        self, seed: int, plans: list[UnitPlan], seats: list[Seat], unit_ids: list[UUID], *, today: date, days: int
    ) -> None:
        """`days` before `today` are those of the talk: heads, leads and the fixed accounts were there before."""
        hiring, settled = stream(seed, "hires"), max(_SETTLED, days + 1)
        self._rng = stream(seed, "people")
        self._plans, self._seats, self._unit_ids, self._today = plans, seats, unit_ids, today
        self._accounts = seat_accounts(plans, seats)
        self._hires = [
            _hire(hiring, plans[seat.unit], _least_tenure(seat, index in self._accounts, settled), today)
            for index, seat in enumerate(seats)
        ]
        self._numbers = _employee_ids(stream(seed, "numbers"), self._hires)
        self._split = {plan.parent for plan in plans}  # units that have units below
        self._book = NameBook()
        for account in ACCOUNTS:
            self._book.reserve(account.name)

    @property
    def account_seats(self) -> list[int]:
        """The seats of the admin, the head and the member."""
        return list(self._accounts)

    def key(self, index: int) -> UUID:
        """The key of who sits there, known before they are described."""
        return self._hires[index].id

    def person(self, index: int) -> Person:
        """Who sits there. To be asked for each seat once, in order."""
        rng, seat, hired, account = self._rng, self._seats[index], self._hires[index], self._accounts.get(index)
        plan, place = self._plans[seat.unit], hired.place
        name = self._book.draw(rng, draw_culture(rng, place, _EVERYWHERE))
        language = draw_language(rng, place) if account is None else "en"
        title = (account and account.title) or self._title(seat, plan)
        years = (self._today - hired.started_on).days // 365
        skills = draw_skills(rng, plan.division.skills)
        bio = draw_bio(rng, language, title=title, city=place.city, years=years, skills=skills)
        while account and not (bio and len(skills) > 2):  # theirs are the profiles that are looked at
            skills = draw_skills(rng, plan.division.skills)
            bio = draw_bio(rng, language, title=title, city=place.city, years=years, skills=skills)
        pronouns = draw_pronouns(rng, language, female=name.female)
        return Person(
            id=hired.id,
            name=account.name if account else name.full,
            given_name=account.given_name if account else name.given,
            email=account.email if account else self._book.email(name),
            employee_id=self._numbers[index],
            title=title,
            kind=plan.division.kind,
            unit_id=self._unit_ids[seat.unit],
            manager_id=None if seat.manager is None else self._hires[seat.manager].id,
            is_head=seat.rank == "head",
            place=place,
            language=language,
            pronouns=account.pronouns if account else pronouns,
            bio=bio,
            skills=skills,
            roles=account.roles if account else self._roles(seat, plan),
            started_on=hired.started_on,
            created_at=hired.created_at,
        )

    @staticmethod
    def _roles(seat: Seat, plan: UnitPlan) -> tuple[str, ...]:
        """The first of the company and the head of communications speak to everybody."""
        speaks = seat.manager is None or (
            seat.rank == "head" and plan.depth == _DIVISION and plan.division.kind == "communications"
        )
        return ("COMMUNICATOR",) if speaks else ()

    def _title(self, seat: Seat, plan: UnitPlan) -> str:
        division = plan.division
        if seat.rank == "head":
            if plan.depth <= 2:
                return division.chief
            return f"Head of {plan.name}" if plan.depth == 3 or seat.unit in self._split else division.manager
        if seat.rank == "lead":
            return division.lead
        return _staff_title(self._rng, division) if seat.rank == "staff" else _member_title(self._rng, division)


def the_guest(seed: int, today: date) -> Person:
    """The one guest: no unit, no manager, no employee number."""
    rng = stream(seed, "guest")
    started_on = today - timedelta(days=rng.randint(60, 400))
    created_at = _first_morning(rng, started_on, HEADQUARTERS)
    return Person(
        id=seeded_uuid7(rng, to_ms(created_at)),
        name=GUEST.name,
        given_name=GUEST.given_name,
        email=GUEST.email,
        employee_id=None,
        title=GUEST.title or "",
        kind=BOARD.kind,
        unit_id=None,
        manager_id=None,
        is_head=False,
        place=HEADQUARTERS,
        language="en",
        pronouns=GUEST.pronouns,
        bio=None,
        skills=(),
        roles=GUEST.roles,
        started_on=started_on,
        created_at=created_at,
    )


def _least_tenure(seat: Seat, fixed: bool, settled: int) -> int:
    """Days that the holder of a seat has been there at least."""
    if seat.manager is None:
        return COMPANY_AGE
    return settled if fixed or seat.rank in ("head", "lead") else 1


def _hire(rng: Random, plan: UnitPlan, least: int, today: date) -> _Hire:
    place = plan.places[min(int(rng.expovariate(0.22)), len(plan.places) - 1)]
    tenure = min(COMPANY_AGE, least + int(rng.expovariate(1 / _TENURE)))
    started_on = today - timedelta(days=tenure)
    created_at = _first_morning(rng, started_on, place)
    return _Hire(seeded_uuid7(rng, to_ms(created_at)), place, started_on, created_at)


def _first_morning(rng: Random, day: date, place: Place) -> datetime:
    """Around nine in the morning there, in UTC to the millisecond."""
    midnight = datetime.combine(day, time(), UTC)
    return midnight + timedelta(hours=9 - place.utc_offset, milliseconds=rng.randrange(-3_600_000, 3_600_000))


def _employee_ids(rng: Random, hires: list[_Hire]) -> list[str]:
    """Eight digits each, rising with the day of hire, with gaps left by those who are gone."""
    numbers, last = [""] * len(hires), 1_000
    for index in sorted(range(len(hires)), key=lambda i: (hires[i].started_on, i)):
        last += rng.randint(1, 4)
        numbers[index] = f"{last:08}"
    return numbers


def _staff_title(rng: Random, division: Division) -> str:
    return rng.choice(division.titles if division is BOARD else _STAFF_TITLES)


def _member_title(rng: Random, division: Division) -> str:
    titles = division.titles
    title = titles[min(int(rng.expovariate(0.6)), len(titles) - 1)]
    dice = rng.random()
    if title.startswith("Senior") or division is BOARD or dice > 0.3:
        return title
    return f"{'Senior' if dice < 0.19 else 'Junior' if dice < 0.26 else 'Trainee'} {title}"
