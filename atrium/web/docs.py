"""The documentation of the checkout, as pages for the development mode."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from resolvers.markdown import to_html

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Page:
    """A page of the documentation; its HTML is safe to show."""

    title: str
    html: str


def find(path: str) -> Page | None:
    """The page at this path of the checkout, the list of all for an empty one; None where there is none."""
    known = pages()
    if not path:
        listed = "\n".join(f"- [{name}]({name})" for name in known)
        return Page("Documentation", to_html(f"# Documentation\n\n{listed or 'Nothing has been written yet.'}"))
    if path not in known:  # and so nothing outside of the checkout, whatever the path says
        return None
    return Page(path, to_html((ROOT / path).read_text(encoding="utf-8")))


def pages() -> list[str]:
    """The paths of all pages, those of the top folder first."""
    found = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    return [path.relative_to(ROOT).as_posix() for path in found]
