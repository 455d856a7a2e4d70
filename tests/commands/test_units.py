"""The commands for units."""

from __future__ import annotations

from tests.commands.conftest import Ask
from tests.commands.interpreter import Atrium

ANN = "ann@company.example"
UNITS = """
SELECT u.name, p.name AS parent, h.name AS head, d.name AS deputy, u.active
FROM org_unit u LEFT JOIN org_unit p ON p.id = u.parent_id
LEFT JOIN person h ON h.id = u.head_id LEFT JOIN person d ON d.id = u.deputy_id ORDER BY u.name
"""


def units(rows: Ask) -> list[tuple[str, str | None, str | None, str | None, bool]]:
    """Name, parent, head, deputy and whether it is there, of each."""
    return [tuple(row) for row in rows(UNITS)]  # pyright: ignore[reportReturnType]


def test_units_are_made_led_moved_merged_and_dissolved(atrium: Atrium, rows: Ask) -> None:
    atrium.done("person", "add", "--name", "Ann", "--email", ANN)

    made = atrium.done("unit", "create", "Company")
    for name in ("Sales", "Support"):
        atrium.done("unit", "create", name, "--parent", "Company", "--head", ANN)
    assert made.startswith("The unit Company is there from today on. Its id is ")

    assert atrium.done("unit", "rename", "Sales", "Trade") == "The unit Sales is called Trade from today on.\n"
    assert atrium.done("unit", "move", "Support", "--parent", "Trade") == (
        "The unit Support lies below Trade from today on.\n"
    )
    atrium.done("unit", "head", "Trade", "--no-head", "--deputy", ANN)
    assert units(rows) == [
        ("Company", None, None, None, True),
        ("Support", "Trade", "Ann", None, True),
        ("Trade", "Company", None, "Ann", True),
    ]

    assert atrium.done("unit", "merge", "Trade", "--into", "Company") == (
        "The unit Trade is part of Company from today on.\n"
    )
    atrium.done("unit", "move", "Support", "--top")
    assert atrium.done("unit", "dissolve", "Company") == "The unit Company is dissolved from today on.\n"
    assert [unit[0] for unit in units(rows) if unit[-1]] == ["Support"]


def test_a_day_to_come_is_kept_for_the_worker(atrium: Atrium, rows: Ask) -> None:
    atrium.done("unit", "create", "Sales")
    [tomorrow] = rows("SELECT (now() AT TIME ZONE 'UTC')::date + 2 AS day")

    atrium.done("unit", "rename", "Sales", "Trade", "--from", str(tomorrow["day"]))

    assert [unit[0] for unit in units(rows)] == ["Sales"]
    [timer] = rows("SELECT * FROM timer")
    assert (timer["kind"], timer["key"]) == ("org_day", f"org_day:{tomorrow['day']}")


def test_what_cannot_be_is_refused_in_a_sentence(atrium: Atrium, rows: Ask) -> None:
    atrium.done("unit", "create", "Sales")
    atrium.done("unit", "create", "Support", "--parent", "Sales")
    before = len(rows("SELECT 1 FROM event"))

    for words, says in (
        (("create", " "), "The name is empty"),
        (("create", "Moon", "--parent", "Mars"), "There is no unit 'Mars'"),
        (("create", "Moon", "--head", "nobody@company.example"), "Nobody has the e-mail address"),
        (("move", "Sales"), "--parent or --top"),
        (("move", "Sales", "--parent", "Support"), "below itself"),
        (("merge", "Sales", "--into", "Support"), "Choose one outside"),
        (("dissolve", "Sales"), "would be left below"),
        (("head", "Sales", "--head", ANN, "--no-head"), "either who it is"),
        (("head", "Sales"), "Say who is to lead"),
    ):
        done = atrium("unit", *words)

        assert (done.code, done.out) == (2, ""), done
        assert says in done.err
        assert "Traceback" not in done.err
    assert len(rows("SELECT 1 FROM event")) == before
