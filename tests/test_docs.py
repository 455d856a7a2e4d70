"""The documentation is true: its operations give its answers, its tables say what the code says, its links lead on."""

from __future__ import annotations

import ast
import asyncio
import dataclasses
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pytest
import pytest_asyncio
import typer
from typer.core import TyperGroup

from atrium.commands import app as commands
from atrium.demo.accounts import MEMBER
from atrium.demo.company import Company
from atrium.demo.load import load
from atrium.settings import Settings
from execution.limits import Limits
from models.errors import ErrorCode
from models.people import Person
from resolvers.context import Services
from schema.answer import answer
from search.comparing import fill
from subscriptions import live
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.session import PASSWORD

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
UNKNOWN = "…"
"""In an answer: what differs between installations; a name behind it, as in `…head`, tells it from others.

In variables: the last such value of that name above; without a name it is the password at first.
"""
LATER = "…in a month"
"""In variables: a moment some weeks after the day of the test."""

FENCED = re.compile(r"^```graphql\n(.*?)^```\n(?:```json\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
KIND = re.compile(r"^(query|mutation|subscription)\b", re.MULTILINE)
VARIABLES = re.compile(r"^# (\{.*\})$", re.MULTILINE)
ASKS = re.compile(r"^# as (\S+@\S+)$", re.MULTILINE)
ROW = re.compile(r"^\| `([A-Za-z_]+)` \|(.*)\|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

DAYS = [datetime(2026, 3, 18, 9, 30, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]


@dataclass(frozen=True)
class Example:
    """An operation of a page with the variables of its comment, and the answer that the page promises."""

    text: str
    promised: Any

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        found = KIND.search(self.text)
        return found[1] if found else "query"

    @property
    def variables(self) -> dict[str, Any]:
        found = VARIABLES.search(self.text)
        return json.loads(found[1]) if found else {}

    @property
    def asks(self) -> str:
        """The address of whoever asks: the demonstration's member where the comment names nobody."""
        found = ASKS.search(self.text)
        return found[1] if found else MEMBER.email


def examples(page: Path) -> list[Example]:
    """The examples of a page, in their order; one without an answer promises None."""
    found = FENCED.findall(page.read_text(encoding="utf-8"))
    return [Example(text, json.loads(promised) if promised else None) for text, promised in found]


@dataclass
class Page:
    """A page's examples, run one after the other as its reader would."""

    ask: Ask
    unknown: dict[str, Any]
    last_mutation: Example | None = None

    async def hold(self, example: Example) -> None:
        """Run an example and compare."""
        given = await (self._first_event(example) if example.kind == "subscription" else self._run(example))
        if example.kind == "mutation":
            self.last_mutation = example
        assert filled(example.promised, given, self.unknown) == given, example.text

    async def _run(self, example: Example) -> Any:
        await settled()  # else a cursor that is asked for stands before what the page has already done
        viewer = None if "signIn(" in example.text else await Person.get(email=example.asks)
        variables = with_values(example.variables, self.unknown)
        return plain((await self.ask.text(viewer, example.text, variables)).body())

    async def _first_event(self, example: Example) -> Any:
        """What arrives first when the page's last mutation is run once more."""
        assert self.last_mutation is not None, "the page shows a stream, but nothing that it would tell of"
        ctx = await self.ask.context(await Person.get(email=example.asks))
        variables = with_values(example.variables, self.unknown)
        stream = await self.ask.schema.subscribe(example.text, variables, ctx)
        events = cast("AsyncIterator[Any]", stream)
        coming = asyncio.ensure_future(anext(events))
        async with asyncio.timeout(20):
            while not coming.done():  # the listener may not stand yet when the first one is committed
                await self._run(self.last_mutation)
                await asyncio.wait({coming}, timeout=1)
        return plain(answer(ctx, coming.result()).body())


def filled(promised: Any, given: Any, unknown: dict[str, Any]) -> Any:
    """The promise with what was unknown in it put in from what was given, and noted."""
    match promised, given:
        case str(), str() | int() | float() | None if promised.startswith(UNKNOWN):
            unknown[promised] = given
            return given
        case dict(), dict():
            told, got = cast("dict[str, Any]", promised), cast("dict[str, Any]", given)
            return {name: filled(value, got.get(name), unknown) for name, value in told.items()}
        case list(), list() if len(cast("list[Any]", promised)) == len(cast("list[Any]", given)):
            pairs = zip(cast("list[Any]", promised), cast("list[Any]", given), strict=True)
            return [filled(told, got, unknown) for told, got in pairs]
        case _:
            return promised


def with_values(variables: Any, unknown: dict[str, Any]) -> Any:
    """Variables with what is known by now in the place of each unknown one."""
    match variables:
        case dict():
            return {name: with_values(v, unknown) for name, v in cast("dict[str, Any]", variables).items()}
        case list():
            return [with_values(v, unknown) for v in cast("list[Any]", variables)]
        case str() if variables.startswith(UNKNOWN):
            return unknown[variables]
        case _:
            return variables


def plain(body: dict[str, Any]) -> Any:
    """A body as JSON would carry it."""
    return json.loads(json.dumps(body, default=str))


def unheard(_count: int, _what: str) -> None:
    """Progress that nobody watches."""


@pytest_asyncio.fixture(params=DAYS, ids=lambda day: f"{day:%Y-%m-%d}")
async def page(request: pytest.FixtureRequest, ask: Ask, services: Services, clock: TurnedClock) -> AsyncIterator[Page]:
    """The company of `make run` as it is on some day, indexed, with its log followed."""
    clock.time = request.param
    company = Company.generate(300, 1, 30, clock.now())
    await load(company, password=PASSWORD, hasher=services.hasher, now=clock.now(), progress=unheard)
    await fill(services.engine)  # as the worker does when it starts
    async with live.running(services.hub):
        yield Page(ask, {UNKNOWN: PASSWORD, LATER: f"{clock.now() + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"})


@pytest.mark.parametrize("path", [p for p in PAGES if examples(p)], ids=lambda p: p.relative_to(ROOT).as_posix())
async def test_every_operation_gives_the_answer_that_the_page_shows(path: Path, page: Page) -> None:
    for example in examples(path):
        assert example.promised is not None, f"this operation has no answer:\n{example.text}"
        await page.hold(example)


def test_the_readme_has_examples() -> None:
    assert len(examples(ROOT / "README.md")) >= 6


def test_every_setting_has_its_line_in_the_settings_page() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert [line for line in page.splitlines() if line.startswith("| `")] == list(setting_rows())


def test_every_setting_has_its_line_in_the_example_file() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()

    told = [(about, line) for about, line in pairwise(lines) if line.startswith("ATRIUM_")]

    fields = Settings.model_fields.items()
    assert told == [(f"# {f.description}", f"ATRIUM_{name.upper()}={f.default}") for name, f in fields]


def test_every_limit_has_its_line_in_the_security_page() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

    told = {name: row.split("|")[0].strip() for name, row in ROW.findall(page)}

    assert told == {name: f"{value:,}" for name, value in dataclasses.asdict(Limits()).items()}


def test_every_code_has_its_line_in_the_errors_page() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")

    told = [name for name, _ in ROW.findall(page)]

    assert len(told) == len(set(told))
    assert set(told) == {code.value for code in ErrorCode} | codes_in_use()


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(prose(path)):
        if re.match(r"(https?|mailto):", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_command_has_its_line_in_the_operations_page() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.partition("\n## Commands\n")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([a-z ]+)` \|", table, re.MULTILINE)) == set(names(typer.main.get_command(commands)))


def test_decisions_are_numbered_without_a_gap_and_say_why() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(folder.glob("[0-9]*.md"))

    assert LINK.findall((folder / "README.md").read_text(encoding="utf-8")) == [page.name for page in pages]
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert HEADING.findall(page.read_text(encoding="utf-8"))[1:] == ["What", "Why", "What else was weighed"], page


def test_the_picture_can_be_drawn_and_read_aloud() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()

    names = {child.tag.rpartition("}")[2] for child in picture}
    assert {"title", "desc"} <= names
    assert picture.get("viewBox")


def setting_rows() -> Iterator[str]:
    """The table of all settings."""
    for name, setting in Settings.model_fields.items():
        default = f"`{setting.default}`" if str(setting.default) else "empty"
        yield f"| `ATRIUM_{name.upper()}` | {default} | {setting.description} |"


def names(command: Any, before: str = "") -> Iterator[str]:
    """The names of the commands that `--help` shows, such as `person add`."""
    if not isinstance(command, TyperGroup):
        yield before
        return
    for name, below in command.commands.items():
        if not below.hidden:
            yield from names(below, f"{before} {name}".strip())


def codes_in_use() -> set[str]:
    """Every code that the source gives to an error: by a refusal, or as `code` in an error's extensions."""
    found: set[str] = set()
    for folder in ("atrium", "execution", "resolvers", "schema"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                found.update(_codes(node))
            found.update(_constants(tree))
    return found


def _codes(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id="Refused" | "refused" | "_refusal"), args=args):
            yield from _texts(args)
        case ast.Call(func=ast.Attribute(attr="setdefault"), args=[ast.Constant(value="code"), given]):
            yield from _texts(list(ast.walk(given)))
        case ast.Dict(keys=keys, values=values):
            given = [v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant) and k.value == "code"]
            yield from _texts(given)
        case _:
            return


def _constants(module: ast.Module) -> Iterator[str]:
    """Module constants that hold their own name, as codes do."""
    for node in module.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))) if name == text:
                yield text
            case _:
                continue


def _texts(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z_]{4,}", node.value):
            yield node.value


def prose(path: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The addresses of a page's headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(prose(path))}
