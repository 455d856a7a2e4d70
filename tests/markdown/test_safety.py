"""Whatever somebody writes, nothing in the HTML runs, loads or styles: by a strict look at it, and in a browser."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from resolvers.markdown import ATTRIBUTES, SCHEMES, TAGS, to_html
from tests.markdown.vectors import vectors
from tests.web.browser import CHROMIUM, browsing

VECTORS = list(vectors())
SET_BY_US = {"a": {"rel", "class"}, "span": {"class"}}
CLASSES = {"a": {"tag"}, "span": {"mention"}}

LOOK = """
texts => texts.map(text => {
    const found = []
    const page = new DOMParser().parseFromString(text, 'text/html')
    for (const element of page.querySelectorAll('*')) {
        for (const attribute of element.attributes) {
            if (attribute.name.startsWith('on') || attribute.name === 'style' || attribute.name === 'src')
                found.push(attribute.name)
            if (attribute.name === 'href'
                && !['http:', 'https:', 'mailto:'].includes(new URL(attribute.value, 'https://here.example').protocol))
                found.push(attribute.value)
        }
        if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml') found.push(element.namespaceURI)
        if (/^(script|style|iframe|object|embed|img|form|input|svg|base|meta|link)$/i.test(element.tagName))
            found.push(element.tagName)
    }
    return found
})
"""
LIVE = """
texts => new Promise(done => {
    let ran = 0
    window.alert = () => { ran += 1 }
    for (const text of texts) {
        const place = document.body.appendChild(document.createElement('div'))
        place.innerHTML = text
        for (const element of place.querySelectorAll('*'))
            for (const event of ['mouseover', 'focus', 'blur', 'toggle', 'animationstart'])
                element.dispatchEvent(new Event(event))
    }
    setTimeout(() => done(ran), 300)
})
"""


class Strict(HTMLParser):
    """Complains of whatever is not on the allow lists."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.complaints: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.complaints.append(f"<{tag}>")
        for name, value in attrs:
            self._look(tag, name, value or "")

    def _look(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES.get(tag, set()) | SET_BY_US.get(tag, set()):
            self.complaints.append(f"{tag} {name}={value!r}")
        if name == "class" and not (tag == "code" or value in CLASSES[tag]):
            self.complaints.append(f"{tag} class {value!r}")
        if name == "href":
            scheme = urlsplit("".join(c for c in value if c > " ")).scheme.lower()
            if scheme and scheme not in SCHEMES:
                self.complaints.append(f"href {value!r}")

    def handle_comment(self, data: str) -> None:
        self.complaints.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.complaints.append(f"declaration {decl!r}")

    def unknown_decl(self, data: str) -> None:
        self.complaints.append(f"declaration {data!r}")

    def handle_pi(self, data: str) -> None:
        self.complaints.append(f"instruction {data!r}")


def test_there_are_more_than_five_hundred_vectors() -> None:
    assert len(VECTORS) == len(set(VECTORS)) > 1_000


def test_no_vector_leaves_anything_that_is_not_allowed() -> None:
    found: dict[str, list[str]] = {}
    for vector in VECTORS:
        strict = Strict()
        strict.feed(to_html(vector))
        strict.close()
        if strict.complaints:
            found[vector] = strict.complaints

    assert found == {}


@pytest.mark.skipif(CHROMIUM is None, reason="wants Debian's Chromium: apt install chromium")
async def test_no_vector_runs_in_a_browser() -> None:
    texts = [to_html(vector) for vector in VECTORS]

    async with browsing() as watched:
        looked = await watched.page.evaluate(LOOK, texts)
        ran = await watched.page.evaluate(LIVE, texts)
        sound = await watched.page.evaluate(LIVE, [f"<p onmouseover='alert(1)'>{texts[0]}</p>"])

    assert {vector: found for vector, found in zip(VECTORS, looked, strict=True) if found} == {}
    assert ran == 0
    assert sound == 1, "the look itself must notice a handler"
    assert watched.asked == set(), "nothing may be loaded"
