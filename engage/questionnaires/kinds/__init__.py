"""One file per kind of question: its fields, its checks, how an answer reads."""

from __future__ import annotations

from engage.questionnaires.kinds.area import AreaQuestion
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.long_text import LongText
from engage.questionnaires.kinds.one_choice import OneChoice
from engage.questionnaires.kinds.organisation import Organisation
from engage.questionnaires.kinds.priorities_list import PrioritiesList
from engage.questionnaires.kinds.priorities_own_words import PrioritiesOwnWords

KINDS: dict[str, type[Question]] = {
    kind.kind: kind
    for kind in (PrioritiesList, PrioritiesOwnWords, OneChoice, LongText, AreaQuestion, Organisation)
}
