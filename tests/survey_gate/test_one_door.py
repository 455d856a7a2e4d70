"""Only the gate reads what was answered, and only who puts it there, moves it away or counts it touches it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.test_layers import MAY_KNOW, ROOT, imports, modules, shown

TABLES = re.compile(r"\bsurvey_(?:tally|text|answer)\b")
MODELS = {"SurveyTally", "SurveyText", "SurveyAnswer"}

OF_THE_TABLES = {
    "models/surveys.py": "declares them",
    "models/migrations/0006_surveys.py": "makes them",
    "models/survey_tallies.py": "counts",
    "models/survey_told.py": "reads for the gate",
    "models/survey_ballots.py": "moves answers there from ballots",
    "models/survey_responses.py": "keeps somebody's own answers, and gives them back to them",
    "models/survey_attempts.py": "keeps somebody's own attempts at a quiz, and gives them back to them",
    "models/survey_records.py": "reads who has answered what, of named surveys alone, for their export",
}
"""Who may touch the tables that hold what was answered, and why."""
OF_WHOLE_COMPANIES = ("atrium/exports/", "atrium/imports/", "atrium/demo/")
"""Folders of what takes a whole company out of the house or brings it in, or makes one up."""

FOLDERS = [folder for folder in MAY_KNOW if folder != "bench"]

READERS = {
    "models.survey_told": {"resolvers.survey_gate", "resolvers.survey_results", "schema.survey_results"},
    "models.survey_records": {"resolvers.survey_names"},
    "models.survey_tallies": {"models.survey_told", "resolvers.survey_gate", "resolvers.survey_counting"},
}
"""Who may import what touches the tables; `survey_results` asks how many took part so far, the schema for a limit."""


def test_nobody_else_touches_the_tables_of_answers() -> None:
    users = {shown(path) for folder in FOLDERS for path in modules(folder) if touches(path)}

    assert {path for path in users if not path.startswith(OF_WHOLE_COMPANIES)} <= OF_THE_TABLES.keys()
    assert {"models/survey_tallies.py", "models/survey_told.py"} <= users


def touches(path: Path) -> bool:
    """Whether a module names one of the tables in a statement, or imports its model."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(TABLES.search(text) for text in statements(tree)) or bool(MODELS & set(imported(tree)))


def statements(tree: ast.Module) -> Iterator[str]:
    """All texts but docstrings."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "models.surveys":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "Model" for base in node.bases
        ):
            yield node.name


def test_nobody_goes_around_the_gate() -> None:
    for module, readers in READERS.items():
        users = {
            shown(path).removesuffix(".py").replace("/", ".")
            for folder in FOLDERS
            for path in modules(folder)
            if module in imports(path) and not shown(path).startswith(OF_WHOLE_COMPANIES)
        }
        assert users <= readers, module


def test_records_of_people_are_read_of_named_surveys_only() -> None:
    [statement] = [
        text for text in statements(ast.parse((ROOT / "models/survey_records.py").read_text())) if "FROM" in text
    ]

    assert "s.anonymity = 'NAMED'" in statement and " OR s." not in statement


def test_what_is_told_without_the_gate_is_how_many_took_part() -> None:
    """Of the module that reads for the gate its neighbours use nothing else."""
    for path in (ROOT / "resolvers" / "survey_results.py", ROOT / "schema" / "survey_results.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "survey_told"
        }
        used |= {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "models.survey_told"
            for alias in node.names
        }
        assert used <= {"took_part", "PARTS_MAX"}, shown(path)
