"""Texts that would run something if a renderer let them: schemes, spellings, elements, attributes, places, crossed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from execution.ids import encode_id
from models.keys import uuid7

CALL = "alert(1)"
PERSON = encode_id("Person", uuid7())

SCHEMES = (
    f"javascript:{CALL}",
    f"vbscript:{CALL}",
    f"data:text/html,<script>{CALL}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    f"data:image/svg+xml,<svg onload={CALL}>",
    f"blob:https://x.example/{CALL}",
    f"file:///etc/passwd#{CALL}",
    f"livescript:{CALL}",
)
SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda url: url,
    lambda url: url.upper(),
    lambda url: f" \u0001{url}",
    lambda url: url.replace(":", "&colon;", 1),
    lambda url: url.replace(":", "&#58;", 1),
    lambda url: url.replace(":", "&#x3a", 1),
    lambda url: url.replace("a", "&#97;", 1),
    lambda url: url.replace("a", "&#x0000061;", 1),
    lambda url: url[:3] + "&Tab;" + url[3:],
    lambda url: url[:3] + "&NewLine;" + url[3:],
    lambda url: url[:3] + "\t" + url[3:],
    lambda url: url[:3] + "\u00ad" + url[3:],
    lambda url: url.replace(":", "%3A", 1),
    lambda url: url.replace(":", "\\:", 1),
    lambda url: "".join(f"&#{ord(c)};" for c in url),
)
PLACES = (
    "[x]({})",
    "[x](<{}>)",
    "[x][a]\n\n[a]: {}",
    "[x][a]\n\n[a]: <{}>",
    "![x]({})",
    "<{}>",
    "[![x]({})](https://x.example)",
    "| a |\n|---|\n| [x]({}) |",
)
RAW_PLACES = ("{}", "> {}", "- {}", "| a |\n|---|\n| {} |", "# {}", "**{}**", "[{}](https://x.example)")

ELEMENTS = (
    f"<script>{CALL}</script>",
    f"<ScRiPt >{CALL}</sCrIpT>",
    f"<script/src=data:,{CALL}></script>",
    f"<scr<script>ipt>{CALL}</scr</script>ipt>",
    f"<img src=x onerror={CALL}>",
    f"<img/src=x/onerror={CALL}//",
    f"<svg onload={CALL}>",
    f"<svg><script>{CALL}</script></svg>",
    f"<svg><a xlink:href=javascript:{CALL}><text>x</text></a></svg>",
    f"<svg><animate onbegin={CALL} attributeName=x></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={CALL}>",
    f"<math href=javascript:{CALL}>x</math>",
    f"<iframe src=javascript:{CALL}></iframe>",
    f"<iframe srcdoc='<script>{CALL}</script>'></iframe>",
    f"<object data=javascript:{CALL}></object>",
    f"<embed src=javascript:{CALL}>",
    f"<form action=javascript:{CALL}><input type=submit></form>",
    f"<button formaction=javascript:{CALL}>x</button>",
    f"<isindex action=javascript:{CALL} type=image>",
    f"<body onload={CALL}>",
    f"<details open ontoggle={CALL}>",
    f"<video><source onerror={CALL}></video>",
    f"<audio src=x onerror={CALL}>",
    f"<marquee onstart={CALL}>x</marquee>",
    f"<meta http-equiv=refresh content='0;url=javascript:{CALL}'>",
    f"<link rel=stylesheet href=javascript:{CALL}>",
    f"<base href=javascript:{CALL}//>",
    "<style>@import 'javascript:alert(1)';*{background:url(javascript:alert(1))}</style>",
    f"<div style=width:expression({CALL})>x</div>",
    f"<a href=javascript:{CALL}>x</a>",
    f"<a href=https://x.example onclick={CALL}>x</a>",
    f"<template><img src=x onerror={CALL}></template>",
    f"<noscript><p title='</noscript><img src=x onerror={CALL}>'>",
    f"<!--><img src=x onerror={CALL}>-->",
    f"<![CDATA[<img src=x onerror={CALL}>]]>",
    f"<?xml version='1.0'?><img src=x onerror={CALL}>",
    f"<textarea autofocus onfocus={CALL}>",
    f"<select autofocus onfocus={CALL}>",
    f"<keygen autofocus onfocus={CALL}>",
    f"<x contenteditable onblur={CALL}>x</x>",
)
BREAKS = ('"', "'", "`", "&quot;", "&#34;", '\\"', "\u2028", "\t", "\\\\")
HANDLERS = ("onmouseover", "onclick", "onfocus autofocus tabindex=1 x", "style=animation-name:x onanimationstart")
INTO_ATTRIBUTES = (
    "[x](https://x.example{q} {h}={c} x={q})",
    '[x](https://x.example "t{q} {h}={c} x={q}")',
    "[x](https://x.example 't{q}> <img src=x onerror={c}>')",
    "```a{q} {h}={c}\ntext\n```",
    "```{q}><img src=x onerror={c}>\ntext\n```",
    "<https://x.example/{q}{h}={c}>",
    "https://x.example/{q}onclick={c}//",
    "[x]: https://x.example/{q} {h}={c}\n\n[x]",
)
OURS = (
    "@[{p}]",
    "@[{p}{x}]",
    "@[{x}]",
    "#tag{x}",
    "#{x}",
    "[@[{p}]](javascript:alert(1))",
    '<span data-mention="{x}"></span>',
    "[x](https://x.example '<span data-mention=\"{p}\"></span>{x}')",
    "https://x.example/@[{p}]{x}",
    "#a{x}#b @[{p}]",
)
PAYLOADS = (
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "&quot; onclick=&quot;alert(1)",
    "](javascript:alert(1))",
    "&#60;img src=x onerror=alert(1)&#62;",
    "javascript:alert(1)",
)


def vectors() -> Iterator[str]:
    """All of them, each once."""
    yield from dict.fromkeys([*_addresses(), *_elements(), *_attributes(), *_ours()])


def _addresses() -> Iterator[str]:
    for place, url, spelled in product(PLACES, SCHEMES, SPELLINGS):
        yield place.format(spelled(url))


def _elements() -> Iterator[str]:
    for place, element in product(RAW_PLACES, ELEMENTS):
        yield place.format(element)


def _attributes() -> Iterator[str]:
    for place, q, handler in product(INTO_ATTRIBUTES, BREAKS, HANDLERS):
        yield place.format(q=q, h=handler, c=CALL)


def _ours() -> Iterator[str]:
    for place, payload in product(OURS, PAYLOADS):
        yield place.format(p=PERSON, x=payload)
