"""What tests of mentions do again and again."""

from __future__ import annotations

from typing import Any

from tests.conftest import Ask


async def mention(ask: Ask, who: Any, body: str, **more: Any) -> dict[str, Any]:
    """The payload of a post that names people."""
    return (await ask(who, "mentions/mention_in_post", kind="DISCUSSION", body=body, **more))["createPost"]


def told(payload: dict[str, Any]) -> list[tuple[str | None, bool, bool, str]]:
    """What a payload says of each mention."""
    assert not payload["errors"], payload["errors"]
    return [
        (one["person"] and one["person"]["name"], one["canSee"], one["wouldBeNotified"], one["reason"])
        for one in payload["mentions"]
    ]
