"""Words by which the layout of a transcript is known, folded to lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Small words inside a name, and titles before it.
PARTICLES = _words("van de den der het 't ten ter te el al bin ibn da di dos du la le en")
TITLES = _words("heer meneer mevrouw dhr dhr. mevr mevr. mw mw. mr mr. drs. dr. ir.")
# Words with a colon behind them that begin a sentence and are nobody's name.
NO_SPEAKER = _words(
    "kijk nee nou ja dus en maar want kortom conclusie bijvoorbeeld namelijk opmerking noot nb "
    "n.b. ps let ofwel oftewel eerst dan toen eerste tweede derde verder tot ook punt stap "
    "voorbeeld samengevat vandaar belangrijk wel goed oké sorry een eén één zo"
)
# Labels that tell the role of a speaker, with or without a number behind them.
ASKING = _words("i int interviewer interviewster gespreksleider moderator onderzoeker vraag")
ANSWERING = _words(
    "r resp respondent deelnemer deelneemster geïnterviewde geinterviewde antwoord participant "
    "informant"
)
ANYONE = _words("speaker spreker persoon stem")
# Keys in the header of a transcript.
HEADER_KEYS = _words(
    "datum date plaats locatie place tijd tijdstip time duur lengte duration titel title project "
    "onderwerp aanwezig aanwezigen deelnemers sprekers speakers opname bestand bestandsnaam "
    "transcribent transcriptie getranscribeerd organisatie functie cop gemeente gesprek nummer "
    "interviewnummer versie setting respondentcode gespreksnummer status taal"
)
WHO_ASKS = _words(
    "interviewer interviewers interviewster gespreksleider gespreksleiders gespreksleiding "
    "moderator moderatoren onderzoeker onderzoekers"
)
# Headings of columns in a table of turns.
SPEAKER_COLUMN = _words("spreker wie naam speaker who name persoon")
TEXT_COLUMN = _words("tekst text uitspraak transcript transcriptie gesprek inhoud")
TIME_COLUMN = _words("tijd time tijdcode timecode start minuut")
