"""Pages by keyset: a list's order decides its cursors, and stays right while rows come and go."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from execution.cursors import InvalidCursor, Sealer
from execution.rows import read

FIRST_MAX = 100
FIRST_DEFAULT = 20

Direction = Literal["ASC", "DESC"]


class InvalidPage(ValueError):
    """Arguments that name no page; `argument` is the one at fault."""

    def __init__(self, message: str, argument: str) -> None:
        super().__init__(message)
        self.message, self.argument = message, argument


@dataclass(frozen=True)
class Order:
    """What a list is sorted by: columns, or expressions with a name, none of them null, the last one unique.

    All go in one `direction`, so that a position is one row comparison. `kind` tells this order's cursors from others'.
    """

    kind: str
    columns: tuple[str, ...]
    direction: Direction = "ASC"


@dataclass(frozen=True)
class Window:
    """The arguments of a connection, checked: `size` rows behind the cursor or, not `forward`, before it."""

    size: int = FIRST_DEFAULT
    forward: bool = True
    cursor: str | None = None

    @property
    def limit(self) -> int:
        """One row more than the page, to see whether there is more."""
        return self.size + 1


def window(first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    """The window that Relay's arguments describe. Raises `InvalidPage`."""
    if first is not None and last is not None:
        raise InvalidPage("Ask for `first` or for `last`, not for both.", "last")
    if after is not None and (before is not None or last is not None):
        raise InvalidPage("`after` goes with `first`; `before` goes with `last`.", "after")
    if before is not None and first is not None:
        raise InvalidPage("`before` goes with `last`; `after` goes with `first`.", "before")
    forward = last is None and before is None
    argument, size = ("first", first) if forward else ("last", last)
    size = FIRST_DEFAULT if size is None else size
    if not 0 <= size <= FIRST_MAX:
        raise InvalidPage(f"`{argument}` is {size}, and must be between 0 and {FIRST_MAX}.", argument)
    return Window(size, forward, after if forward else before)


@dataclass(slots=True, eq=False)
class Edge:
    """A row and its cursor, which is made only when it is asked for: most lists are read without."""

    node: Any
    seal: Callable[[Any], str]

    @property
    def cursor(self) -> str:
        return self.seal(self.node)


@dataclass(slots=True, eq=False)
class Page:
    """A page as a connection reads it: its rows, and what is made of them only when it is asked for.

    `seal` gives a row's cursor. `count` is awaited only if the total is asked for, and `total` is not known.
    """

    nodes: Sequence[Any] = ()
    seal: Callable[[Any], str] | None = None
    has_next_page: bool = False
    has_previous_page: bool = False
    count: Callable[[], Awaitable[int]] | None = None
    total: int | None = None  # of a list that is on the page from end to end

    @property
    def edges(self) -> Sequence[Edge]:
        assert self.seal or not self.nodes
        return [Edge(node, self.seal) for node in self.nodes] if self.seal else []

    @property
    def page_info(self) -> "Page":
        """Where it lies in its list: its own to tell."""
        return self

    @property
    def start_cursor(self) -> str | None:
        return self.seal(self.nodes[0]) if self.nodes and self.seal else None

    @property
    def end_cursor(self) -> str | None:
        return self.seal(self.nodes[-1]) if self.nodes and self.seal else None


@dataclass(frozen=True)
class Keyset:
    """An order together with the sealer and the filters (`binding`) that its cursors are tied to."""

    order: Order
    sealer: Sealer
    binding: str = ""

    def after(self, window: Window, alias: str, number: int) -> tuple[str, list[object]]:
        """A condition on `alias` for what lies behind the window's cursor, and its parameters, numbered from `number`.

        It begins with AND; both are empty without a cursor. Raises `InvalidPage` for a cursor of another list.
        """
        values = self.position(window)
        if values is None:
            return "", []
        columns = ", ".join(self._column(alias, column) for column in self.order.columns)
        places = ", ".join(f"${number + i}" for i in range(len(values)))
        sign = "<" if (self.order.direction == "DESC") == window.forward else ">"
        return f" AND ({columns}) {sign} ({places})", list(values)

    def position(self, window: Window) -> tuple[Any, ...] | None:
        """The values in the window's cursor, if it has one. Raises `InvalidPage` for a cursor of another list."""
        if window.cursor is None:
            return None
        try:
            return self.sealer.open(self.order.kind, self._place, window.cursor)
        except InvalidCursor as error:
            message = f"{error} Take cursors from the same list, with the same order and filters."
            raise InvalidPage(message, "after" if window.forward else "before") from None

    def order_by(self, window: Window, alias: str) -> str:
        """The ORDER BY list that reads the window from its cursor on."""
        direction = self.order.direction if window.forward else {"ASC": "DESC", "DESC": "ASC"}[self.order.direction]
        return ", ".join(f"{self._column(alias, column)} {direction}" for column in self.order.columns)

    def page(self, window: Window, rows: Sequence[Any], count: Callable[[], Awaitable[int]] | None = None) -> Page:
        """The page of the rows that were read with `limit`: in the list's own order whichever way they were read."""
        more = len(rows) > window.size
        kept = list(rows[: window.size]) if more else list(rows)
        if not window.forward:
            kept.reverse()
        behind, before = (more, window.cursor is not None) if window.forward else (window.cursor is not None, more)
        total = len(kept) if count and not more and window.cursor is None else None
        return Page(kept, self.cursor, behind, before, count, total)

    def cursor(self, row: Any) -> str:
        """The cursor of a row: its values in the order's columns (an expression's name is what stands behind AS)."""
        return self.sealer.seal(self.order.kind, self._place, [read(row, name) for name in self._names])

    @cached_property
    def _names(self) -> list[str]:
        return [column.rpartition(" AS ")[2] for column in self.order.columns]

    @cached_property
    def _place(self) -> str:
        # The columns belong to it: an order that is changed in a later version keeps its kind, not its cursors.
        return f"{', '.join(self.order.columns)} {self.order.direction}|{self.binding}"

    @staticmethod
    def _column(alias: str, column: str) -> str:
        expression, _, name = column.rpartition(" AS ")
        return expression.replace("{}", alias) if expression else f"{alias}.{name}"
