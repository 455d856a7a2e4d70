"""Titles and texts of posts: what may be stored, and what must be there before anybody else reads it."""

from __future__ import annotations

from models.errors import ErrorCode, Invalid
from models.feed import BODY_MAX, TITLE_MAX, Post, PostKind
from models.text import clean_optional

WHAT = "The text of a post"


def body_of(text: str) -> str:
    """A text fit to store, which may be empty. Raises `Invalid`."""
    return clean_optional(text, most=BODY_MAX, path=["body"], what=WHAT)


def title_of(text: str | None) -> str | None:
    """A title fit to store; None for none. Raises `Invalid`."""
    return clean_optional(text or "", most=TITLE_MAX, path=["title"], what="The title") or None


def check(kind: PostKind, title: str | None, body: str, *, is_draft: bool, is_share: bool) -> None:
    """Raise `Invalid` unless there is enough for a draft, or for everybody."""
    if is_draft:
        if not (title or body or is_share):
            raise Invalid("A draft needs a title or a text. Write one of them.", ["body"])
        return
    if not body and not is_share:
        raise Invalid(f"{WHAT} is empty. Write something.", ["body"])
    if kind is PostKind.ARTICLE and not title:
        raise Invalid("An article needs a title. Give it one.", ["title"], code=ErrorCode.REQUIRED)


def complete(post: Post) -> None:
    """Raise `Invalid` unless others can read the post as it stands."""
    check(post.kind, post.title, post.body, is_draft=False, is_share=post.shared_id is not None)
