"""Ways through a questionnaire: which questions one comes by, and what is wrong with its branches and sections.

After a question its first branch that fits the answer says where to go on; without one it is the next question. A
branch without a condition fits always, also where the question was left out. Branches lead forward only, so that every
way ends; that is what `faults` holds.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.questionnaires import Branch, Given, Question, Questionnaire
from models.survey_slots import CHOICES, NUMBERS, indexes, number_slot, scale_of, slot_count

SKIPPED = -1  # in place of a slot: the question was left out, or its answer has none that a branch could name


@dataclass(frozen=True)
class Fault:
    """What is wrong, and what to do about it; `path` leads there from the questionnaire."""

    path: tuple[str | int, ...]
    sentence: str


def path_of(questionnaire: Questionnaire, answers: Mapping[uuid.UUID, Given]) -> list[Question]:
    """The questions that one comes by who answers like this, in their order; of a questionnaire without faults."""
    passed: list[Question] = []
    at: int | None = 0
    while at is not None and at < len(questionnaire.questions):
        question = questionnaire.questions[at]
        passed.append(question)
        at = _next(questionnaire, question, answers.get(question.id))
    return passed


def faults(questionnaire: Questionnaire) -> list[Fault]:
    """All that is wrong with the sections, the branches and the ways; empty where all is well."""
    found = [*_section_faults(questionnaire), *_branch_faults(questionnaire)]
    return found or list(_reach_faults(questionnaire))  # where branches are wrong nobody knows what they reach


def _next(questionnaire: Questionnaire, question: Question, answer: Given | None) -> int | None:
    slots = answer.slots if answer is not None else ()
    taken = next((branch for branch in question.branches if _fits(question, branch, slots)), None)
    if taken is None:
        return questionnaire.place[question.id] + 1
    return None if taken.to is None else questionnaire.place[taken.to]


def _fits(question: Question, branch: Branch, slots: Sequence[int]) -> bool:
    wanted = _slots(question, branch)
    return wanted is None or any(slot in wanted for slot in slots)


def _slots(question: Question, branch: Branch) -> range | None:
    """The slots that a branch is for; None where it is for every answer, and for none."""
    if branch.option is not None:
        at = indexes(question.options)[branch.option]
        return range(at, at + 1)
    if branch.least is None and branch.most is None:
        return None
    scale = scale_of(question)
    least = scale.minimum if branch.least is None else branch.least
    most = scale.maximum if branch.most is None else branch.most
    return range(number_slot(question, least), number_slot(question, most) + 1)


def _section_faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    known = {section.id for section in questionnaire.sections}
    begun: set[uuid.UUID] = set()
    for section, group in groupby(enumerate(questionnaire.questions), key=lambda pair: pair[1].section):
        path = ("questions", next(group)[0], "section")
        if section is None:
            continue
        if section not in known:
            yield Fault(path, "There is no such section. Name one of `sections`, or none.")
        elif section in begun:
            yield Fault(path, "The questions of a section stand together. Move this one to the others of its section.")
        begun.add(section)
    for i, section in enumerate(questionnaire.sections):
        if section.id not in begun:
            yield Fault(("sections", i), "This section has no questions. Put some into it, or leave it out.")


def _branch_faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    shuffled = {section.id for section in questionnaire.sections if section.shuffled}
    for i, question in enumerate(questionnaire.questions):
        if question.branches and question.section in shuffled:
            sentence = "Everybody has the questions of a shuffled section in another order: they cannot branch."
            yield Fault(("questions", i, "branches"), f"{sentence} Remove the branches, or do not shuffle the section.")
        left = _answers(question)
        for j, branch in enumerate(question.branches):
            path = ("questions", i, "branches", j)
            wrong = [*_condition_faults(question, branch, path), *_target_faults(questionnaire, i, branch, path)]
            if wrong:
                yield from wrong
                continue
            taken = _answers(question, branch)
            if not left & taken:
                yield Fault(path, "Branches before this one take every answer that it is for. Remove it.")
            left -= taken


def _condition_faults(question: Question, branch: Branch, path: tuple[str | int, ...]) -> Iterator[Fault]:
    is_ranged = branch.least is not None or branch.most is not None
    if branch.option is not None and is_ranged:
        yield Fault(path, "A branch is for an option or for numbers, not for both. Remove one of them.")
    elif branch.option is not None:
        if question.kind not in CHOICES:
            yield Fault((*path, "option"), f"A question of kind {question.kind} has no options to branch by.")
        elif branch.option not in indexes(question.options):
            yield Fault((*path, "option"), "The question has no such option. Name one of its own.")
    elif is_ranged:
        yield from _range_faults(question, branch, path)


def _range_faults(question: Question, branch: Branch, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if question.kind not in NUMBERS:
        yield Fault(path, f"A question of kind {question.kind} has no numbers to branch by.")
        return
    scale = scale_of(question)
    for name, end in (("least", branch.least), ("most", branch.most)):
        if end is not None and not scale.minimum <= end <= scale.maximum:
            yield Fault((*path, name), f"The scale goes from {scale.minimum} to {scale.maximum}. Keep within it.")
    if branch.least is not None and branch.most is not None and branch.least > branch.most:
        yield Fault((*path, "least"), "`least` is more than `most`. Swap them.")


def _target_faults(
    questionnaire: Questionnaire, at: int, branch: Branch, path: tuple[str | int, ...]
) -> Iterator[Fault]:
    if branch.to is None:
        return
    to = questionnaire.place.get(branch.to)
    if to is None:
        yield Fault((*path, "to"), "There is no such question. Name the key of a later one, or none to end here.")
    elif to <= at:
        yield Fault((*path, "to"), "A branch leads forward, or one could go round for ever. Name a later question.")
    elif _is_inside_shuffled(questionnaire, to):
        sentence = "This question is in a shuffled section, which one enters as a whole."
        yield Fault((*path, "to"), f"{sentence} Name the first question of the section.")


def _is_inside_shuffled(questionnaire: Questionnaire, at: int) -> bool:
    section = questionnaire.questions[at].section
    shuffled = {section.id for section in questionnaire.sections if section.shuffled}
    return section in shuffled and questionnaire.questions[at - 1].section == section


def _reach_faults(questionnaire: Questionnaire) -> Iterator[Fault]:
    """Questions that no way leads to. Branches lead forward, so that one look at each question will do."""
    reached = {0}
    for i, question in enumerate(questionnaire.questions):
        if i in reached:
            reached |= _leads_to(questionnaire, i)
        else:
            sentence = f"Nobody can reach the question “{_short(question.prompt)}”."
            yield Fault(("questions", i), f"{sentence} Let an answer before it lead there, or leave it out.")


def _leads_to(questionnaire: Questionnaire, at: int) -> set[int]:
    """Where one can go on from a question. A choice of several options goes where one of them alone would."""
    question = questionnaire.questions[at]
    left, found = _answers(question), set[int]()
    for branch in question.branches:
        if branch.to is not None and left & _answers(question, branch):
            found.add(questionnaire.place[branch.to])
        left -= _answers(question, branch)
    return found | {at + 1} if left else found


def _answers(question: Question, branch: Branch | None = None) -> set[int]:
    """The answers that a branch is for, or all that can be given: slots, and `SKIPPED`."""
    wanted = None if branch is None else _slots(question, branch)
    if wanted is not None:
        return set(wanted)
    if question.kind not in CHOICES | NUMBERS:
        return {SKIPPED}
    slots = set(range(slot_count(question)))
    return slots if question.required else slots | {SKIPPED}


def _short(prompt: str) -> str:
    return prompt if len(prompt) <= 60 else f"{prompt[:59]}…"
