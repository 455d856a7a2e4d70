"""Days as files write them: ISO, or day and month in an order that is told, never guessed from a row."""

from datetime import date
from enum import StrEnum


class DateOrder(StrEnum):
    """How 03/04/2026 is read. ISO dates are understood in every order."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


EXAMPLES = {DateOrder.YMD: "2026-12-31", DateOrder.DMY: "31/12/2026", DateOrder.MDY: "12/31/2026"}


def parse_day(text: str, order: DateOrder) -> date:
    """The day of a date, or of a moment in ISO form. Raises `ValueError`."""
    parts = text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0].replace("/", "-").replace(".", "-").split("-")
    if len(parts) != 3:
        raise ValueError(text)
    if len(parts[0]) != 4:
        day, month = (0, 1) if order is DateOrder.DMY else (1, 0)
        if order is DateOrder.YMD or len(parts[2]) != 4:
            raise ValueError(text)
        parts = [parts[2], parts[month], parts[day]]
    year, month, day = (int(part) for part in parts)
    return date(year, month, day)
