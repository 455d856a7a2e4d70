"""Conditions: who may, declared once from a handful of atoms, rendered in three forms that agree.

A condition composes by `&`, `|` and `~`, and gives a Tortoise `Q` (ordinary reads), an SQL fragment with parameters
(hot statements) and a Python test of a row. What a row does not tell by its columns is a *fact*, asked of the database
for many rows at once (`Facts.learn`) before the test; a test that misses a fact raises rather than guesses.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tortoise.expressions import Q, Subquery

from auth.facts import Facts, Wanted
from auth.lookups import literal, where, where_not
from auth.viewer import Viewer
from models.audiences import AudienceMember
from models.org import UnitClosure
from models.session import Role


class Params(list[object]):
    """The parameters of a statement in the making; `add` gives a value's placeholder."""

    def add(self, value: object) -> str:
        self.append(value)
        return f"${len(self)}"


def read(row: Any, column: str) -> Any:
    """A column of a record, a dict or a model."""
    try:
        return row[column]
    except TypeError:
        return getattr(row, column)


class Condition:
    """Something that holds, or not, of a row for a viewer. Negation goes down to the atoms, so that nulls agree."""

    def q(self, viewer: Viewer) -> Q:
        """As a filter of Tortoise."""
        rendered = self.as_q(viewer, negated=False)
        if isinstance(rendered, bool):
            return Q() if rendered else Q(id__in=[])
        return rendered

    def sql(self, viewer: Viewer, params: Params, alias: str) -> str:
        """As a fragment over the table `alias`; its values are added to `params`."""
        text, values = _rendered(_Itself(self), viewer, alias, len(params))
        params.extend(values)
        return text

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        """Whether it holds of this row."""
        raise NotImplementedError

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        raise NotImplementedError

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        raise NotImplementedError

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        """The facts that a test of these rows needs."""
        return iter(())

    def settled(self, viewer: Viewer) -> Condition | bool:
        """What is left of it once the viewer is known: a bool where the row no longer matters."""
        return self

    def __and__(self, other: Condition) -> Condition:
        return Joined((self, other), every=True)

    def __or__(self, other: Condition) -> Condition:
        return Joined((self, other), every=False)

    def __invert__(self) -> Condition:
        return Negated(self)


@dataclass(frozen=True)
class Joined(Condition):
    """All of the parts (`every`), or at least one."""

    parts: tuple[Condition, ...]
    every: bool

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        for part in self.parts:
            if part.test(viewer, row, facts) is not self.every:
                return not self.every
        return self.every

    def settled(self, viewer: Viewer) -> Condition | bool:
        left: list[Condition] = []
        for part in self.parts:
            settled = part.settled(viewer)
            if settled is (not self.every):  # one False settles an `and`, one True an `or`
                return settled
            if not isinstance(settled, bool):
                left.append(settled)
        if len(left) <= 1:
            return left[0] if left else self.every
        return Joined(tuple(left), self.every)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        every = self.every != negated
        rendered = [part.as_q(viewer, negated=negated) for part in self.parts]
        if (not every) in rendered:  # one False settles an `and`, one True an `or`
            return not every
        left = [part for part in rendered if isinstance(part, Q)]
        return Q(*left, join_type=Q.AND if every else Q.OR) if left else every

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        word = " AND " if self.every != negated else " OR "
        return "(" + word.join(part.as_sql(viewer, params, prefix, negated=negated) for part in self.parts) + ")"

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        left = rows  # those that the parts so far have not settled: a test stops there, and needs no more facts
        for part in self.parts:
            wants = list(part.wanted(viewer, left))
            yield from wants
            if not wants:
                left = [row for row in left if part.test(viewer, row, _NO_FACTS) == self.every]


@dataclass(frozen=True)
class Negated(Condition):
    """Where `of` does not hold."""

    of: Condition

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        return not self.of.test(viewer, row, facts)

    def settled(self, viewer: Viewer) -> Condition | bool:
        settled = self.of.settled(viewer)
        return not settled if isinstance(settled, bool) else Negated(settled)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        return self.of.as_q(viewer, negated=not negated)

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        return self.of.as_sql(viewer, params, prefix, negated=not negated)

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        return self.of.wanted(viewer, rows)


@dataclass(frozen=True)
class OfViewer(Condition):
    """Something of the viewer alone, the same for every row."""

    holds: Callable[[Viewer], bool]

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        return self.holds(viewer)

    def settled(self, viewer: Viewer) -> bool:
        return self.holds(viewer)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        return self.holds(viewer) != negated

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        return "TRUE" if self.holds(viewer) != negated else "FALSE"


@dataclass(frozen=True)
class Column(Condition):
    """A column of the row equals a value, or the viewer's own id where `value` is a function of the viewer."""

    column: str
    value: object | Callable[[Viewer], object]

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        return read(row, self.column) == self._value(viewer)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        same = where(self.column, self._value(viewer))
        return where_not(same, self.column) if negated else same

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        same = f"{prefix}{self.column} = {literal(self.value) or params.add(self._value(viewer))}"
        return f"({same}) IS NOT TRUE" if negated else same

    def _value(self, viewer: Viewer) -> object:
        return self.value(viewer) if callable(self.value) else self.value


@dataclass(frozen=True)
class Unset(Condition):
    """A column of the row is null."""

    column: str

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        return read(row, self.column) is None

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        return where(f"{self.column}__isnull", not negated)

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        return f"{prefix}{self.column} IS {'NOT ' if negated else ''}NULL"


@dataclass(frozen=True)
class Among(Condition):
    """The row's key in `column` is one of those that `keys` gives for the viewer."""

    column: str
    keys: Callable[[Viewer], Collection[uuid.UUID]]

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        return read(row, self.column) in self.keys(viewer)

    def settled(self, viewer: Viewer) -> Condition | bool:
        return self if self.keys(viewer) else False

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        keys = list(self.keys(viewer))
        if not keys:
            return negated
        inside = where(f"{self.column}__in", keys)
        return where_not(inside, self.column) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        inside = f"{prefix}{self.column} = ANY({params.add(list(self.keys(viewer)))}::uuid[])"
        return f"({inside}) IS NOT TRUE" if negated else inside


@dataclass(frozen=True)
class InAudience(Condition):
    """The row's audience is one of the viewer's."""

    column: str

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        audience = read(row, self.column)
        return audience is not None and (audience in viewer.audiences or facts.listed(audience))

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        lists = AudienceMember.filter(person_id=viewer.person_id, listed=True).values("audience_id")
        listed = where(f"{self.column}__in", Subquery(lists))
        carried = where(f"{self.column}__in", list(viewer.audiences)) if viewer.audiences else Q(id__in=[])
        inside = Q(carried, listed, join_type=Q.OR)
        return where_not(inside, self.column) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        inside = (
            f"({prefix}{self.column} = ANY({params.add(list(viewer.audiences))}::uuid[]) OR EXISTS (SELECT 1 FROM"
            f" audience_member m WHERE m.person_id = {params.add(viewer.person_id)}"
            f" AND m.audience_id = {prefix}{self.column} AND m.listed))"
        )
        return f"{inside} IS NOT TRUE" if negated else inside

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        audiences = _values(rows, self.column) - viewer.audiences
        if audiences:
            yield Wanted("listed", audiences)


@dataclass(frozen=True)
class Within(Condition):
    """The row's unit lies within one of the units that `units` gives for the viewer."""

    column: str
    units: Callable[[Viewer], frozenset[uuid.UUID]]

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        units, unit = self.units(viewer), read(row, self.column)
        return bool(units) and unit is not None and not units.isdisjoint(facts.above(unit))

    def settled(self, viewer: Viewer) -> Condition | bool:
        return self if self.units(viewer) else False

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        units = self.units(viewer)
        if not units:
            return negated
        below = UnitClosure.filter(ancestor_id__in=list(units)).values("descendant_id")
        inside = where(f"{self.column}__in", Subquery(below))
        return where_not(inside, self.column) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        units = self.units(viewer)
        if not units:
            return "TRUE" if negated else "FALSE"
        inside = (
            f"EXISTS (SELECT 1 FROM unit_closure c WHERE c.descendant_id = {prefix}{self.column}"
            f" AND c.ancestor_id = ANY({params.add(list(units))}::uuid[]))"
        )
        return f"NOT {inside}" if negated else inside

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        if self.units(viewer):
            yield Wanted("above", _values(rows, self.column))


@dataclass(frozen=True)
class SharesAudience(Condition):
    """The row's person belongs to an audience that the viewer has joined too: what a guest sees of people."""

    column: str

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        person = read(row, self.column)
        return bool(viewer.joined) and person is not None and facts.shared(person)

    def settled(self, viewer: Viewer) -> Condition | bool:
        return self if viewer.joined else False

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        if not viewer.joined:
            return negated
        beside = AudienceMember.filter(audience_id__in=list(viewer.joined)).values("person_id")
        inside = where(f"{self.column}__in", Subquery(beside))
        return where_not(inside, self.column) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        if not viewer.joined:
            return "TRUE" if negated else "FALSE"
        inside = (
            f"EXISTS (SELECT 1 FROM audience_member m WHERE m.person_id = {prefix}{self.column}"
            f" AND m.audience_id = ANY({params.add(list(viewer.joined))}::uuid[]))"
        )
        return f"NOT {inside}" if negated else inside

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        if viewer.joined:
            yield Wanted("shared", _values(rows, self.column))


in_audience = InAudience("audience_id")
is_member = OfViewer(lambda viewer: not viewer.is_guest)
is_guest = ~is_member


def by_viewer(column: str) -> Condition:
    """The column names the viewer."""
    return Column(column, lambda viewer: viewer.person_id)


def granted(scope: str) -> Condition:
    """The viewer's session or token reaches this far."""
    return OfViewer(lambda viewer: viewer.allows(scope))


def has_role(*roles: Role, unit: str) -> Condition:
    """The viewer holds one of the roles everywhere, or for a unit that holds the row's `unit` column."""
    return OfViewer(lambda viewer: viewer.everywhere(*roles)) | Within(unit, lambda viewer: viewer.units_of(*roles))


class _Itself:
    """A condition as the key of what is remembered: equal to nothing but itself, which is told in no time."""

    __slots__ = ("condition",)

    def __init__(self, condition: Condition) -> None:
        self.condition = condition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.condition is self.condition

    def __hash__(self) -> int:
        return id(self.condition)


@lru_cache(maxsize=2_048)
def _rendered(of: _Itself, viewer: Viewer, alias: str, first: int) -> tuple[str, tuple[object, ...]]:
    """A condition as SQL behind `first` other parameters, and its own.

    Nothing but the viewer decides what it says, and whoever asks twice is mostly the same: as long as nothing of them
    has changed, it is the same text.
    """
    settled = of.condition.settled(viewer)
    if isinstance(settled, bool):
        return ("TRUE" if settled else "FALSE"), ()
    params = Params([None] * first)
    text = settled.as_sql(viewer, params, f"{alias}." if alias else "", negated=False)
    return text, tuple(params[first:])


_NO_FACTS = Facts()


def _values(rows: Iterable[Any], column: str) -> set[uuid.UUID]:
    return {value for row in rows if (value := read(row, column)) is not None}
