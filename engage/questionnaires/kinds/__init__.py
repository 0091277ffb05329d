"""One file per kind of question: its fields, its checks, how an answer reads."""

from __future__ import annotations

from engage.questionnaires.kinds.age_band import AgeBand
from engage.questionnaires.kinds.area import AreaQuestion
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.kinds.date import DateQuestion
from engage.questionnaires.kinds.information import Information
from engage.questionnaires.kinds.long_text import LongText
from engage.questionnaires.kinds.matrix import Matrix
from engage.questionnaires.kinds.number import Number
from engage.questionnaires.kinds.one_choice import OneChoice
from engage.questionnaires.kinds.organisation import Organisation
from engage.questionnaires.kinds.priorities_list import PrioritiesList
from engage.questionnaires.kinds.priorities_own_words import PrioritiesOwnWords
from engage.questionnaires.kinds.scale import Scale
from engage.questionnaires.kinds.several_choices import SeveralChoices
from engage.questionnaires.kinds.short_text import ShortText
from engage.questionnaires.kinds.statements import Statements

# In the order in which an officer is offered them.
KINDS: dict[str, type[Question]] = {
    kind.kind: kind
    for kind in (
        PrioritiesList,
        PrioritiesOwnWords,
        OneChoice,
        SeveralChoices,
        Scale,
        Matrix,
        Statements,
        ShortText,
        LongText,
        Number,
        DateQuestion,
        AreaQuestion,
        AgeBand,
        Organisation,
        Information,
    )
}
