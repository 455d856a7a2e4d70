"""What becomes of posts and comments, by chance: edits, pins, answers, votes, must-reads and removals."""

from random import Random
from uuid import UUID

from atrium.demo.circles import Circle
from atrium.demo.records import Comment, Fate, Post, Thread

_EDITED, _REMOVED = 0.04, 0.003  # of posts
_ANSWERED = 0.55  # of questions with comments
_PINNED = 0.12  # of the announcements and articles of those who may
_CLOSED = 0.1  # of announcements
_MUST_READ, _READERS_MAX = 0.15, 2_000  # of announcements, to so many people at most
_DUE = (7, 14, 21)  # days
_LASTS = (48, 168, 336, None)  # hours
_MULTIPLE = 0.2  # of polls
_TAKEN_BACK = 0.004  # of comments


def draw_fate(rng: Random, thread: Thread, circle: Circle, *, leads: bool) -> Fate:
    """What became of a thread; `leads`: its author speaks for the circle."""
    post = thread.post
    if rng.random() < _REMOVED:
        return Fate(removed=True)
    announces = post.kind == "announcement"
    must = announces and len(circle) <= _READERS_MAX and rng.random() < _MUST_READ
    poll = post.kind == "poll"
    return Fate(
        edited="\n\n" in post.body and rng.random() < _EDITED,
        pinned=leads and (announces or post.kind == "article") and rng.random() < _PINNED,
        closed=announces and rng.random() < _CLOSED,
        accepted=_answer(rng, post, thread.comments),
        due=rng.choice(_DUE) if must else None,
        lasts=rng.choice(_LASTS) if poll else None,
        multiple=poll and rng.random() < _MULTIPLE,
    )


def taken_back(rng: Random, fate: Fate, comments: tuple[Comment, ...]) -> frozenset[int]:
    """Which comments, by their place, were removed by those who wrote them."""
    places = (place for place, comment in enumerate(comments) if comment.id != fate.accepted)
    return frozenset(place for place in places if rng.random() < _TAKEN_BACK)


def _answer(rng: Random, post: Post, comments: tuple[Comment, ...]) -> UUID | None:
    firsts = [comment for comment in comments if comment.parent_id is None]
    if post.kind != "question" or not firsts or rng.random() > _ANSWERED:
        return None
    return firsts[min(int(rng.expovariate(0.8)), len(firsts) - 1)].id
