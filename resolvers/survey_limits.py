"""What a survey's thresholds, segments and sample can be: the same for one that is made and for a preview."""

from __future__ import annotations

from collections.abc import Sequence

from models.errors import Invalid
from models.surveys import MIN_FLOOR, MIN_GROUP, MIN_TEXTS, SEGMENTS_MAX

GROUP_MAX = 1_000  # the highest threshold


def check_thresholds(min_group: int, min_texts: int) -> None:
    """Raise `Invalid` where fewer people than the floor would stand behind a number, or fewer behind a text."""
    if not MIN_FLOOR <= min_group <= GROUP_MAX:
        raise Invalid(
            f"Numbers are told of {MIN_FLOOR} to {GROUP_MAX:,} people or more; {MIN_GROUP} is usual. Fewer would tell"
            " single people's answers.",
            ["minimumGroupSize"],
        )
    if not min_group <= min_texts <= GROUP_MAX:
        raise Invalid(
            f"Texts are shown of at least as many people as numbers are, which is {min_group}; {MIN_TEXTS} is usual.",
            ["minimumTextCount"],
        )


def check_segments(kinds: Sequence[str]) -> None:
    """Raise `Invalid` for too many kinds of segments, or one twice."""
    if len(kinds) > SEGMENTS_MAX or len(set(kinds)) < len(kinds):
        raise Invalid(f"Answers are told apart by at most {SEGMENTS_MAX} kinds of segments, each once.", ["segments"])


def check_sample(percent: int) -> None:
    """Raise `Invalid` for what is no part of an audience."""
    if not 1 <= percent <= 100:
        raise Invalid("A sample is 1 to 100 percent of the audience.", ["samplePercent"])
