"""The four fixed accounts of every demonstration company, and the seats they take."""

from collections.abc import Sequence
from dataclasses import dataclass

from atrium.demo.units import Seat, UnitPlan

_HEAD_TEAM = 12  # people in the unit of the fixed head, as near as the tree has it


@dataclass(frozen=True, slots=True)
class Account:
    """Someone every demonstration company has."""

    email: str
    name: str
    given_name: str
    pronouns: str | None
    title: str | None  # None: what the seat gives
    roles: tuple[str, ...]


ADMIN = Account(
    "admin@atrium.example",
    "Ifeoma Lindqvist",
    "Ifeoma",
    "she/her",
    "Systems Administrator",
    ("ADMIN", "HR", "COMMUNICATOR"),
)
HEAD = Account("head@atrium.example", "Rafael Teixeira", "Rafael", "he/him", None, ())
MEMBER = Account("member@atrium.example", "Zoë Hartmann", "Zoë", None, None, ())
GUEST = Account(
    "guest@atrium.example", "Kenji Moreau", "Kenji", None, "External Consultant, Brightwell Partners", ("GUEST",)
)
ACCOUNTS = (ADMIN, HEAD, MEMBER, GUEST)
EMAILS = frozenset(account.email for account in ACCOUNTS)


def seat_accounts(plans: Sequence[UnitPlan], seats: Sequence[Seat]) -> dict[int, Account]:
    """Which seats the admin, the head and the member take; the guest has none."""
    managers = {seat.manager for seat in seats}
    home = min(_teams(plans), key=lambda plan: (abs(plan.own - _HEAD_TEAM), plan.first))
    admin = next(i for i, seat in enumerate(seats) if plans[seat.unit].division.kind == "it" and seat.rank == "member")
    member = next(i for i in range(home.first + 1, home.first + home.own) if i not in managers)
    return {admin: ADMIN, home.first: HEAD, member: MEMBER}


def _teams(plans: Sequence[UnitPlan]) -> list[UnitPlan]:
    """Units without units below, where the fixed head and member may sit; none of IT, where the admin sits."""
    above = {plan.parent for plan in plans}
    return [
        plan for i, plan in enumerate(plans) if i not in above and plan.own > 1 and plan.division.kind != "it" and i > 0
    ]
