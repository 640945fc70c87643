"""A short version of the thermometer questionnaire and a handful of answers to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Question:
    """``kind`` is single, multiple, scale or open; a scale has ``rows`` (code, statement)."""

    code: str
    text: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    other: str = ""
    required: bool = False
    condition: str = ""


@dataclass(frozen=True)
class Respondent:
    """``answers``: code for single, codes for multiple, {row: code} for scale, text for open.

    ``others`` holds write-ins by question. Without ``submitted`` the respondent stopped after
    the questions answered.
    """

    id: str
    started: datetime
    submitted: datetime | None
    answers: dict[str, object]
    others: dict[str, str] = field(default_factory=dict)
    test: bool = False


def numbered(prefix: str, *labels: str) -> tuple[tuple[str, str], ...]:
    """(("A1", label), ("A2", label), ...)."""
    width = 3 if prefix == "SQ" else 1
    return tuple((f"{prefix}{i:0{width}d}", label) for i, label in enumerate(labels, 1))


COP = Question(
    "Q1",
    "Aan welke CoP neem je deel?",
    "single",
    numbered("A", "Noordoost Nederland", "Rijnmond", "Fryslân", "Zeeland"),
    required=True,
)
GOT = Question(
    "Q4",
    "Wat heeft je deelname aan de CoP voor jou persoonlijk tot nu opgeleverd? "
    "(meerdere antwoorden mogelijk)",
    "multiple",
    numbered(
        "SQ",
        "Meer inzicht in het werk en de werkwijzen van andere organisaties",
        "Meer inzicht in het perspectief van inburgeraars",
        "Kennis van nieuwe werkwijzen, methoden, praktijken",
        "Steun van collega's van andere organisaties",
    ),
    other="Anders, namelijk...",
    required=True,
)
EXAMPLES = Question(
    "Q6",
    "Wat zijn concrete voorbeelden in je werk die je nu anders doet door wat je bij de CoP hebt "
    "geleerd of afgesproken?",
    "open",
)
STATEMENTS = Question(
    "Q9",
    "In hoeverre ben je het eens met de volgende stellingen?",
    "scale",
    numbered("A", "Helemaal eens", "Eens", "Niet eens/ oneens", "Oneens", "Helemaal oneens"),
    numbered(
        "SQ",
        "Ik voel me verantwoordelijk voor de concrete invulling van mijn CoP",
        "Ik heb invloed op de concrete invulling van mijn CoP",
    ),
)
HELP = Question(
    "Q11",
    "Wat zou je de komende tijd kunnen helpen om nog meer uit de CoP te halen? "
    "(meerdere opties mogelijk)",
    "multiple",
    numbered(
        "SQ",
        "Beter structuur en/of werkvormen in de bijeenkomsten",
        "Meer ondersteuning door communitytrekker, procesbegeleider of Divosa",
        "Meer verbinding met de andere CoP's",
        "Meer inbreng van externen zoals (ervarings)deskundigen of experts",
    ),
    other="Anders, namelijk...",
    condition='!is_empty(Q4_SQ001.NAOK) || Q4_SQ002.NAOK == "Y"',
)
QUESTIONS = (COP, GOT, EXAMPLES, STATEMENTS, HELP)
SECRET = "Mijn collega Sjoerd belt nu zelf"  # an open answer that may never be printed


def _respondent(number: int, cop: str, got: str, help: str, **more: object) -> Respondent:
    settings = {
        "id": str(number),
        "started": datetime(2023, 5, 15 + number % 9, 9, 2, 3),
        "submitted": datetime(2023, 5, 15 + number % 9, 9, 12, 33),
        **more,
    }
    answers = {
        "Q1": f"A{cop}",
        "Q4": tuple(f"SQ00{digit}" for digit in got),
        "Q6": f'Antwoord; met\n"aanhaling" {{nummer}} {number}',
        "Q9": {"SQ001": f"A{1 + number % 5}", "SQ002": f"A{1 + number % 4}"},
        "Q11": tuple(f"SQ00{digit}" for digit in help),
    }
    return Respondent(answers={**answers, **settings.pop("answers", {})}, **settings)


RESPONDENTS = (
    _respondent(1, "1", "13", "24", answers={"Q6": SECRET}),
    _respondent(2, "3", "134", "2", others={"Q4": "Lol, en veel koffie"}),
    _respondent(3, "3", "3", "", others={"Q11": "Geen idee"}),
    _respondent(4, "4", "2", "13"),
    _respondent(5, "1", "12", "234"),
    _respondent(6, "4", "4", "4", test=True),
    _respondent(7, "2", "24", "1"),
    _respondent(8, "2", "134", "24"),
)
STOPPED = Respondent("9", datetime(2023, 5, 31, 16, 40), None, {"Q1": "A3", "Q4": ("SQ001",)})
EVERYONE = (*RESPONDENTS, STOPPED)


def label_of(question: Question, code: str) -> str:
    """The label of an option by its code."""
    return dict(question.options)[code]


def picks_of(question: Question, respondent: Respondent) -> list[str]:
    """The labels picked, in the order of the form, with the write-in last."""
    codes = respondent.answers.get(question.code, ())
    picks = [label for code, label in question.options if code in codes]
    written = respondent.others.get(question.code)
    return [*picks, written] if written else picks
