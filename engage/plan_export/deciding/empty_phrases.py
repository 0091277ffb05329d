"""The list of phrases that stand where a reason should: what each leaves out, and what to write in its place.

A pattern is of plain lower-case words parted by one blank; in it `~` is that blank, and other blanks are for
whoever reads it here.
"""

from __future__ import annotations

from dataclasses import dataclass

from engage.foundations.language import Text, lazy


@dataclass(frozen=True, slots=True)
class Phrase:
    """An empty phrase: as people know it, how it is recognised, why it says nothing, and what would.

    `unless` is what a text must also hold for the phrase to be part of a reason; "" is nothing.
    """

    shown: str
    pattern: str
    why: Text
    instead: Text
    unless: str = ""


_NOW = r"""
    (?: ~ (?:at|for|in) ~ (?:this|the|our|these) (?: ~ (?:present|current|moment~in))?
        ~ (?:times?|moment|present|stage|point)
      | ~ (?:currently|now|presently|just~yet) )?
"""
# Somebody who can be asked instead.
_WHOSE = r"""
    \b (?: council\w* | borough\w* | government | parliament | minister\w* | home~office | mayor\w* | court\w*
      | judge\w* | nhs | health | school\w* | landlord\w* | transport~authority | transport~for~london | tfl
      | prosecut\w* | prison\w* | probation | city~of~london~police | british~transport~police | inspectorate
      | makers | charities ) \b
"""
_FIGURE = r"""
    \b (?!20\d\d\b) \d | £ | \b (?: two | three | four | five | six | seven | eight | nine | ten | twenty
      | thirty | fifty | hundred | thousand | million | half | third | quarter ) \b
"""
_DAY = r"""
    \b (?: january | february | march | april | may | june | july | august | september | october | november
      | december | 20\d\d | next~year | spring | summer | autumn | winter ) \b
"""
_NOBODY_TO_ASK = lazy("It does not say whose it is, so nobody knows whom to ask.")
_WHOM_TO_ASK = lazy("Name who decides it, and say whether you have passed it on.")
_NO_PRICE = lazy(
    "Everything costs something: it does not say what this would have cost, or what got the money."
)
_THE_PRICE = lazy("Give the figure, or say what it would have been taken from.")

PHRASES: tuple[Phrase, ...] = (
    Phrase(
        "not a priority at this time",
        rf"""
        \b (?:not|isnt|never|no~longer)
        (?: ~ (?:currently|presently|considered|deemed|seen|regarded|felt~to~be|being|to~be|as) )*
        (?: ~ (?:a|an|our|the|one~of~our|among~our|amongst~our) )*
        (?: ~ (?:current|key|top|high|main|strategic|operational|corporate|sufficient) )*
        ~ priorit(?:y|ies) \b {_NOW}
        """,
        lazy("People were asked what the priorities should be: this gives the answer back as its reason."),
        lazy("Say what was put before it, and why."),
    ),
    Phrase(
        "outside our remit",
        r"""
        \b (?:outside|beyond|not~(?:within|in|part~of)|out~of|out~with|outwith) (?: ~ of )?
        (?: ~ (?:our|the|its|their|police|this) )* (?: ~ \w+ )?
        ~ (?:remit|scope|control|gift|powers?|jurisdiction|responsibilit(?:y|ies)|terms~of~reference) \b
        """,
        _NOBODY_TO_ASK,
        _WHOM_TO_ASK,
        _WHOSE,
    ),
    Phrase(
        "not our responsibility",
        r"""
        \b not (?: ~ \w+ )? ~ (?:our|a~police|the~polices?|polices?|for~us) (?: ~ \w+ )?
        ~ (?:responsibility|matter|job|role|business|decision|to~decide) \b
        """,
        _NOBODY_TO_ASK,
        _WHOM_TO_ASK,
        _WHOSE,
    ),
    Phrase(
        "limited resources",
        r"""
        \b (?: limited | finite | scarce | insufficient | lack~of | available | competing | pressures?~on
          | within | due~to | because~of | owing~to | subject~to | given | current | existing | no
          | not~enough | constraints?~(?:on|of) | limits?~on | demands?~on )
        (?: ~ (?:our|the|current|existing|available|present|police|limited|financial|staff|staffing|to|of) )*
        ~ (?: resourc(?:es|ing|e) | funding | budgets? | finances? | capacity )
        (?: ~ (?:constraints?|pressures?|limits?|limitations?|reasons?) )? \b
        | \b resourc(?:es|ing|e) ~ (?: constraints? | pressures? | limits? | limitations? | implications?
          | issues? | reasons? | do~not | dont | does~not | are~limited | are~finite | permitting ) \b
        """,
        _NO_PRICE,
        _THE_PRICE,
        _FIGURE,
    ),
    Phrase(
        "resources",
        r"^ (?: resources? | funding | budgets? | costs? | capacity ) \b (?: ~ \w+ ){0,3} $",
        _NO_PRICE,
        _THE_PRICE,
    ),
    Phrase(
        "noted",
        r"""
        \b (?: (?:is|are|was|were|be|been|being|we|duly|comments?|views?|concerns?|points?|feedback)
          (?: ~ (?:have|has|been|carefully|fully|duly) )* ~ noted | noted~with~(?:thanks|interest) ) \b
        | ^ noted \b | \b taken~on~board \b | \b taken~into~consideration \b
        """,
        lazy("It says that somebody read it, and not what they thought of it."),
        lazy("Say what was decided about it, and what decided it."),
    ),
    Phrase(
        "we will continue to",
        r"""
        \b (?:we|police|officers|authority|the~met|service|they) (?: ~ (?:will|shall|would|are~going~to) )?
          ~ continues? ~ to \b
        | \b (?:we|well|police|officers|they|service) (?: ~ (?:are|is) )? ~ (?:already|currently)
          ~ (?:do|does|doing|work|working) \b
        | \b continue ~ (?:to|with) ~ (?:our|work|monitor|engage|listen|review) \b | \b well~continue~to \b
        | \b business~as~usual \b
        """,
        lazy("It says that nothing changes, without saying why nothing should."),
        lazy("Say what is done already, what it has brought, and why that is enough."),
    ),
    Phrase(
        "keep under review",
        r"""
        \b (?: ke(?:ep|pt|eping) ~ (?: \w+ ~ ){0,2} under ~ (?: \w+ ~ )? review
          | monitor(?:ed|ing)?~the~situation | in~due~course
          | when ~ (?:the~)? (?:time|opportunity) ~ (?:allows|permits|arises)
          | look(?:ed)? ~ at ~ (?:it~|this~)? again ~ in ~ (?:the~)? future | at~a~later~(?:date|stage)
          | going~forwards? | in~the~(?:near~|longer~)?(?:term|future) ) \b
        """,
        lazy("It names no day, so nobody can ever ask what became of it."),
        lazy("Give the month and what it depends on; or say no, and why."),
        _DAY,
    ),
    Phrase(
        "not possible",
        rf"""
        \b (?:not|isnt|cannot~be|neither|never)
        (?: ~ (?:currently|considered|deemed|felt|thought|to~be|be|reasonably|operationally|financially
          |practically) )*
        ~ (?:feasible|practicable|practical|possible|viable|appropriate|realistic|deliverable|achievable
          |proportionate|suitable) {_NOW} \b
        (?! ~ (?:because|since|as|under|while|until|unless|without|for|to|when|where|if|by) \b )
        """,
        lazy("It says that it cannot be done, and not what stands in the way."),
        lazy("Go on with “because”: name the law, the cost or the harm."),
    ),
    Phrase(
        "for operational reasons",
        r"""
        \b (?:for|due~to|because~of|owing~to|on)
        (?: ~ (?:various|a~number~of|several|many|other|these|wider|purely) )*
        ~ (?:operational|policy|technical|practical|strategic|legal|security|various|other|organisational)
        ~ (?:reasons?|grounds|considerations?|requirements?|matters?) \b
        """,
        lazy("It says that there is a reason, and not which."),
        lazy("Name the reason; what must stay secret can be said in a sentence that gives nothing away."),
    ),
    Phrase(
        "taken very seriously",
        r"\b (?:take|takes|taken|taking) (?: ~ \w+ ){0,4} ~ seriously \b",
        lazy("Nobody doubts it, and it does not say what is done."),
        lazy("Say what is done about it, or why not more."),
    ),
    Phrase(
        "a balance must be struck",
        r"""
        \b (?: balance ~ (?:must|has~to|needs~to|had~to) ~ be ~ (?:struck|found) | on~balance
          | competing~(?:demands|priorities) | difficult~(?:decisions|choices) | all~things~considered
          | wider~(?:context|picture) | in~the~round ) \b
        """,
        lazy("It does not say what was weighed against what."),
        lazy("Name both sides, and say which weighed more and why."),
    ),
    Phrase(
        "already covered elsewhere",
        r"""
        \b (?: covered | dealt~with | addressed | picked~up | reflected | captured | included )
        (?: ~ already )? ~ (?: elsewhere | by~other~(?:work|means|plans|strategies)
          | in~other~(?:work|plans|strategies|ways) ) \b
        """,
        lazy("It does not say where, so nobody can look."),
        lazy("Name the plan or the team, with a link or a page."),
    ),
    Phrase(
        "see above",
        r"""
        \b (?:see|as) ~ (?:above|below|previous(?:ly)?|other~(?:answers?|reasons?)|stated|explained) \b
        | \b same~as~(?:above|before) \b
        """,
        lazy("Each reason is read by itself, by somebody who looks for this one priority."),
        lazy("Write it out again."),
    ),
    Phrase(
        "insufficient support",
        r"""
        \b (?:insufficient|limited|not~enough|lack~of|little|low) (?: ~ \w+ )?
        ~ (?:support|evidence|demand|appetite|interest) \b
        """,
        lazy("It was named often enough to be on this list."),
        lazy("Give the figure you went by, and what would have been enough."),
        _FIGURE,
    ),
)
