"""Checks: the schema as text, and the doctor."""

from __future__ import annotations

import dataclasses
import difflib
import os
from pathlib import Path
from typing import Annotated

import orjson
import typer

from atrium.commands.running import run
from atrium.doctor.examine import examine
from atrium.doctor.findings import Finding, Level, worst
from schema.build import build

DIFFERENT = 1
DIFFERENCES_SHOWN = 20  # lines
COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}
EXIT = {Level.OK: 0, Level.WARN: 1, Level.FAIL: 2}


def sdl(
    check: Annotated[
        Path | None, typer.Option(help="Compare with this file instead: exit code 1 where they differ.", metavar="FILE")
    ] = None,
) -> None:
    """Print the schema in GraphQL's schema definition language. Needs no database."""
    text = build().as_str().strip() + "\n"
    if check is None:
        typer.echo(text, nl=False)
        return
    there = check.read_text(encoding="utf-8") if check.is_file() else ""
    if there == text:
        return
    lines = list(difflib.unified_diff(there.splitlines(), text.splitlines(), str(check), "the schema", "", "", 1, ""))
    typer.echo("\n".join(lines[:DIFFERENCES_SHOWN] + ["…"] * (len(lines) > DIFFERENCES_SHOWN)), err=True)
    typer.echo(f"{check} is not the schema: run make sdl, and look at what has changed.", err=True)
    raise typer.Exit(DIFFERENT)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Look at the settings and at everything Atrium uses; say what is wrong and how to mend it. Changes nothing.

    Exit codes: 0 all is well, 1 there are warnings, 2 something does not work or is not safe.
    """
    findings = run(lambda: examine(os.environ))
    if as_json:
        told = {"level": worst(findings), "findings": [dataclasses.asdict(finding) for finding in findings]}
        typer.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    else:
        width = max(len(finding.subject) for finding in findings)
        for finding in findings:
            typer.echo(_line(finding, width))
    raise typer.Exit(EXIT[worst(findings)])


def _line(finding: Finding, width: int) -> str:
    level = typer.style(f"{finding.level:4}", fg=COLOURS[finding.level])
    mend = f"\n{'':{width + 8}}{finding.mend}" if finding.mend else ""
    return f"{level}  {finding.subject:{width}}  {finding.says}{mend}"
