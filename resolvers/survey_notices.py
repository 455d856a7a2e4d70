"""What people are told before they answer: what is stored of it, and who sees what. Honest to the last word."""

from __future__ import annotations

from typing import Any

from execution.rows import read
from models.surveys import Anonymity, SegmentKind

NAMED = (
    "Your name stays with your answers. Whoever asks sees who answered what, and so do HR and analysts who are"
    " responsible for the people asked."
)
CONFIDENTIAL = (
    "Confidential, not anonymous: your answers are stored together with who you are. Nobody is shown that in Atrium,"
    " neither whoever asks nor an administrator of Atrium; whoever administers the database could look it up."
)
ANONYMOUS = (
    "Anonymous: nothing that is kept leads from an answer to you. Until the survey closes it is stored that you have"
    " answered, without a time. What you answer is sealed, and later moved away from that and mixed with what others of"
    " a larger group answered; when the survey closes, the answers are counted and everything else is destroyed."
    " While an answer waits sealed, only somebody who held both the database and the key of the server could open it;"
    " the same holds of backups made until then."
)
HEADS = "Once it is closed, heads are told what people of their units answered, too."
WORDS = "What you write in your own words can tell who you are."
SHARED = "Once it is closed, all who were asked see the results, without names."
SHARED_NAMED = (
    "Once it is closed, all who were asked see the results of all together, without names; where few were asked, these"
    " can tell who answered what."
)


def anonymity_notice(survey: Any) -> str:
    """What is stored of an answer to a survey and who sees it, with the survey's thresholds."""
    anonymity, is_shared = Anonymity(read(survey, "anonymity")), bool(read(survey, "shared"))
    told = [_stored(anonymity)]
    if anonymity is not Anonymity.NAMED:
        told += [_thresholds(read(survey, "min_group"), read(survey, "min_texts")), WORDS]
    elif SegmentKind.ORG_UNIT in read(survey, "segments"):
        told.append(HEADS)
    if is_shared:
        told.append(SHARED_NAMED if anonymity is Anonymity.NAMED else SHARED)
    return " ".join(told)


def _stored(anonymity: Anonymity) -> str:
    match anonymity:
        case Anonymity.NAMED:
            return NAMED
        case Anonymity.CONFIDENTIAL:
            return CONFIDENTIAL
        case Anonymity.ANONYMOUS:
            return ANONYMOUS


def _thresholds(people: int, texts: int) -> str:
    return (
        f"Results are told once the survey is closed, and of at least {people} people together; what people wrote is"
        f" shown shuffled, {texts} texts or more at once. Smaller groups are hidden, also where they could be worked"
        " out."
    )
