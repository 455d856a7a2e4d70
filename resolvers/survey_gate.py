"""The gate: the one door to what was answered to surveys, for the API, exports and figures alike.

What is told of a counted survey was decided and written down when it was counted (`models.survey_sums`): the gate reads
it, and there is nothing else to be read. Of a named survey everything is told, before it is counted as well.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auth.policies import surveys as policy
from execution.fields import Parent
from execution.loaders import Loader, settled
from execution.paging import InvalidPage, Keyset, Order, Page
from execution.rows import read
from models import survey_editions, survey_tallies
from models import survey_told as table
from models.errors import Invalid, Path
from models.questionnaires import Question
from models.survey_cells import BANDS, LEADING
from models.survey_sums import Answers, Layout, Rows, Told, layout_of, summed
from models.survey_told import Division, Found, Pool, Value, Wanted
from models.surveys import CROSSED_MAX, Anonymity, SegmentKind
from resolvers.context import Context
from resolvers.lists import PageArgs, refused

BY_KEY = Order("surveys:texts", ("id",))

ARGUMENTS = {
    SegmentKind.ORG_UNIT: "orgUnitId",
    SegmentKind.LOCATION: "location",
    SegmentKind.TENURE: "tenure",
    SegmentKind.LEADERSHIP: "leadership",
}
WHOLE = "This survey's results are told of all together only."


@dataclass(frozen=True)
class ResultFilter:
    """Of whom something is to be told, as of the day that the survey opened; what is None asks nothing."""

    unit: uuid.UUID | None = None
    location: str | None = None
    tenure: str | None = None
    leads: bool | None = None

    @property
    def values(self) -> list[Value]:
        leads, leads_not = LEADING
        given = {
            SegmentKind.ORG_UNIT: str(self.unit) if self.unit else None,
            SegmentKind.LOCATION: self.location,
            SegmentKind.TENURE: self.tenure,
            SegmentKind.LEADERSHIP: None if self.leads is None else leads if self.leads else leads_not,
        }
        return [(kind, value) for kind, value in given.items() if value is not None]


EVERYBODY = ResultFilter()


@dataclass(frozen=True)
class Gate:
    """What is told of those who meet a filter. `told` is None where it is hidden: too few, or not counted yet."""

    survey: Any
    wanted: Wanted
    questions: list[Question]  # of all editions: those that are asked now in their order, then what they replaced
    told: Told | None
    blocks: tuple[int, ...] | None = None  # of a survey that is counted live; None: all

    def of(self, question: uuid.UUID) -> Answers | None:
        """How a question was answered; None where it is hidden."""
        return self.told.answers.get(question) if self.told else None

    @property
    def kinds(self) -> list[SegmentKind]:
        """What the survey's answers may be told apart by."""
        return declared(self.survey)

    @property
    def is_live(self) -> bool:
        return is_live(self.survey)

    @cached_property
    def layout(self) -> Layout:
        return layout_of(self.questions)


@dataclass(frozen=True)
class Segment:
    """A part of those who meet a filter; `told` is None where it is hidden, and so is how many were `invited`."""

    kind: SegmentKind
    value: str
    label: str
    invited: int | None
    told: Told | None

    @property
    def unit_id(self) -> uuid.UUID | None:
        return uuid.UUID(self.value) if self.kind is SegmentKind.ORG_UNIT else None


async def gate(ctx: Context, survey: Any, asked: ResultFilter = EVERYBODY) -> Gate | None:
    """What is told of a survey that the viewer sees; None where they are told nothing of it.

    Whoever may see the results is told of everybody, and whoever may see their parts by every filter. A head is told by
    filters with a unit that they head. Raises `Invalid` for a filter that the survey does not allow.
    """
    return (await gates(ctx, [survey], asked))[0]


async def gates(ctx: Context, surveys: Sequence[Any], asked: ResultFilter = EVERYBODY) -> list[Gate | None]:
    """The same of each survey."""
    keys = [Parent(Wanted(read(survey, "id"), checked(survey, asked)), survey) for survey in surveys]
    return settled(await ctx.loaders.own(Gates, Gates).load_batch(keys))


async def segments(ctx: Context, of: Gate, by: SegmentKind | None = None) -> list[Segment]:
    """The parts of those who meet the gate's filter: by a kind, else by the first declared one that is not in it.

    Of units those right below the filter's; without one the topmost that are several. There are none for whoever is
    told of everybody alone. Raises `Invalid`.
    """
    kind = divided_by(of, by)
    if kind is None or not (of.wanted.values or (await ctx.holds(policy.can_see_parts, [of.survey]))[0]):
        return []
    values = dict(of.wanted.values)
    above = values.pop(SegmentKind.ORG_UNIT, None) if kind is SegmentKind.ORG_UNIT else None
    division = Division(of.wanted.survey, kind, above, next(iter(values.items()), None))
    return await ctx.loaders.own(Divisions, Divisions).load(Parent(division, of))


async def texts(ctx: Context, of: Gate, question: uuid.UUID, args: PageArgs) -> Page:
    """A page of the texts that were written to a question, in an order that tells nothing. Raises `Invalid`."""
    answers = of.of(question)
    if of.told is None or answers is None or not answers.written:
        args.window()
        return Page(count=_none)
    numbers = of.blocks if of.is_live else of.told.pools
    pool = Pool(of.wanted.survey, question, numbers if of.wanted.values else None, of.is_live)
    loader = ctx.loaders.own((Texts, args, of.is_live), lambda ctx: Texts(ctx, args))
    return await loader.load(Parent((of.wanted, question), (pool, answers.written)))


async def headed_units(ctx: Context, surveys: Sequence[Any]) -> list[list[uuid.UUID]]:
    """The units by which the viewer, as their head, is told the results of each survey."""
    headed = [str(unit) for unit in ctx.me.headed]
    over = await ctx.holds(policy.can_see_own_unit, surveys) if headed else [False for _ in surveys]
    keys = [
        read(one, "id") for one, may in zip(surveys, over, strict=True) if may and SegmentKind.ORG_UNIT in declared(one)
    ]
    found = await table.asked_units(keys, headed) if keys else {}
    return [found.get(read(one, "id"), []) for one in surveys]


def checked(survey: Any, asked: ResultFilter) -> tuple[Value, ...]:
    """The values of a filter, in the order in which the survey declares their kinds. Raises `Invalid`."""
    kinds = declared(survey)
    for kind, _ in asked.values:
        if kind not in kinds:
            raise _unfiltered(kinds, ["filterBy", ARGUMENTS[kind]])
    if asked.tenure is not None and asked.tenure not in BANDS:
        raise Invalid(f"Lengths of service are told as one of {', '.join(BANDS)}.", ["filterBy", "tenure"])
    if len(asked.values) > CROSSED_MAX:
        raise Invalid(f"At most {CROSSED_MAX} of them can be asked for together. Leave one out.", ["filterBy"])
    return tuple(sorted(asked.values, key=lambda value: kinds.index(value[0])))


def divided_by(of: Gate, by: SegmentKind | None) -> SegmentKind | None:
    """What the gate's people are told apart by; None by nothing. Raises `Invalid`."""
    filtered = {kind for kind, _ in of.wanted.values}
    is_full = len(filtered) == CROSSED_MAX
    if by is None:
        left = [kind for kind in of.kinds if kind not in filtered and not is_full]
        return next(iter([*left, *filtered & {SegmentKind.ORG_UNIT}]), None)
    if by not in of.kinds:
        raise _undivided(of.kinds, ["by"])
    if is_full and by not in filtered:
        raise Invalid(f"The filter has {CROSSED_MAX} already, and no more are told together. Leave one out.", ["by"])
    return None if by in filtered and by is not SegmentKind.ORG_UNIT else by


def declared(survey: Any) -> list[SegmentKind]:
    """What a survey's answers may be told apart by."""
    return [SegmentKind(kind) for kind in read(survey, "segments")]


def is_live(survey: Any) -> bool:
    """Whether what is told of a survey changes with each answer."""
    return read(survey, "anonymity") == Anonymity.NAMED and read(survey, "counted_at") is None


class Gates(Loader[Context, Parent, Gate | None]):
    """What the viewer is told of surveys, by who is wanted."""

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[Gate | None]:
        may = await self._may(keys)
        open_ = [key for key, is_open in zip(keys, may, strict=True) if is_open]
        found: dict[Parent, Gate] = {}
        if open_:
            questions = await survey_editions.every_questions({key.id.survey for key in open_})
            for key, one in zip(open_, await table.wanted([key.id for key in open_]), strict=True):
                found[key] = await self._gate(key, one, questions.get(key.id.survey, []))
        return [found.get(key) for key in keys]

    async def _gate(self, key: Parent, found: Found, questions: list[Question]) -> Gate:
        empty = Gate(key.row, key.id, questions, None)
        blocks = None if not key.id.values else tuple(found.blocks or ())
        told = await _told(self.ctx, empty, found, blocks)
        return Gate(key.row, key.id, questions, told, blocks)

    async def _may(self, keys: list[Parent]) -> list[bool]:
        surveys = [key.row for key in keys]
        whole = await self.ctx.holds(policy.can_see_results, surveys)
        parts = await self.ctx.holds(policy.can_see_parts, surveys)
        held = [part if key.id.values else all_ for key, all_, part in zip(keys, whole, parts, strict=True)]
        headed = [str(unit) for unit in self.ctx.me.headed]
        if all(held) or not headed:
            return held
        over = await self.ctx.holds(policy.can_see_own_unit, surveys)
        units = [dict(key.id.values).get(SegmentKind.ORG_UNIT) for key in keys]
        unsure = [i for i, unit in enumerate(units) if unit and over[i] and not held[i]]
        within = await table.within([(keys[i].id.survey, units[i] or "") for i in unsure], headed)
        own = {i for i, is_within in zip(unsure, within, strict=True) if is_within}
        return [is_held or i in own for i, is_held in enumerate(held)]


class Divisions(Loader[Context, Parent, list[Segment]]):
    """The parts of those who meet the filters of gates."""

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[list[Segment]]:
        divided = await table.divided([key.id for key in keys])
        return [await self._segments(key.row, found) for key, found in zip(keys, divided, strict=True)]

    async def _segments(self, of: Gate, found: Iterable[Found]) -> list[Segment]:
        made: list[Segment] = []
        for one in found:
            told = await _told(self.ctx, of, one, tuple(one.blocks or ()))
            row = one.record
            invited = one.population if told else None
            made.append(Segment(SegmentKind(row["kind"]), row["value"], row["label"], invited, told))
        return sorted(made, key=_rank)


class LiveRows(Loader[Context, Parent, Rows]):
    """The numbers of the blocks of named surveys that are not counted yet."""

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[Rows]:
        return [await survey_tallies.rows(key.id, Anonymity.NAMED, key.row) for key in keys]


class Texts(Loader[Context, Parent, Page]):
    """Pages of texts with the same arguments."""

    def __init__(self, ctx: Context, args: PageArgs) -> None:
        super().__init__(ctx)
        self.window = args.window()

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[Page]:
        keyset = Keyset(BY_KEY, self.ctx.sealer)
        try:
            after, position = keyset.after(self.window, "r", 4)
        except InvalidPage as error:
            raise refused(error) from None
        order, limit = keyset.order_by(self.window, "r"), self.window.limit
        found = await table.texts([key.row[0] for key in keys], after, order, limit, *position)
        return [keyset.page(self.window, rows, _counter(key.row[1])) for key, rows in zip(keys, found, strict=True)]


async def _told(ctx: Context, of: Gate, found: Found, blocks: tuple[int, ...] | None) -> Told | None:
    """What is told of what was found: its tally, or of a named survey what its blocks come to now."""
    if not of.is_live:
        return found.told(of.layout.slots)
    layout = of.layout
    rows = await ctx.loaders.own(LiveRows, LiveRows).load(Parent(of.wanted.survey, layout))
    chosen = rows if blocks is None else {block: rows[block] for block in blocks if block in rows}
    return summed(layout, chosen, {}, min_group=0, min_texts=0).told[None]


def _rank(segment: Segment) -> tuple[int, str, str]:
    """Lengths of service from the shortest, leaders first, all else by name."""
    places = [*BANDS, *LEADING]
    place = places.index(segment.value) if segment.kind in (SegmentKind.TENURE, SegmentKind.LEADERSHIP) else 0
    return place, segment.label.casefold(), segment.value


def _unfiltered(kinds: Sequence[SegmentKind], path: Path) -> Invalid:
    if not kinds:
        return Invalid(f"{WHOLE} Leave the filter out.", path)
    known = ", ".join(ARGUMENTS[kind] for kind in kinds)
    return Invalid(f"This survey's results are told by {known} only. Leave the others out.", path)


def _undivided(kinds: Sequence[SegmentKind], path: Path) -> Invalid:
    if not kinds:
        return Invalid(f"{WHOLE} Leave `by` out.", path)
    return Invalid(f"This survey's results are told by {', '.join(kinds)} only. Name one of these, or none.", path)


def _counter(count: int) -> Any:
    async def counted() -> int:
        return count

    return counted


async def _none() -> int:
    return 0
