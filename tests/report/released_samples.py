"""Released tables as chapters make them, with the options of the questionnaire."""

import numpy as np
import pandas as pd

from copanalysis.report.objects import Released

OPTIONS = (
    "Meer inzicht in het werk en de werkwijzen van andere organisaties",
    "Meer kennis over hoe ik mijn eigen werk goed kan doen",
    "Meer inzicht in het perspectief van inburgeraars",
    "Kennis van nieuwe werkwijzen, methoden, praktijken",
    "Beter netwerk en kortere lijnen bij partnerorganisaties",
    "Steun van collega's van andere organisaties",
    "Mogelijkheden om de landelijke beleidslijn te beïnvloeden",
    "Anders, namelijk...",
)
SCALE = ("Helemaal eens", "Eens", "Niet eens/ oneens", "Oneens", "Helemaal oneens")
COUNTS = (60, 42, 31, 38, 57, 29, 12, 3)
HEADERS = {"label": "Opbrengst", "n": "Aantal", "share": "Aandeel", "interval": "95%-interval"}
FORMATS = {"label": "text", "n": "count", "share": "share", "interval": "share"}


def released(data, key, columns, formats, **fields):
    given = {
        "id": "got",
        "number": "4.1",
        "title": "Opbrengsten voor deelnemers",
        "base": "Deelnemers die de vraag beantwoordden",
        "source": "Thermometervragenlijst, golf 3",
        **fields,
    }
    return Released(data=data, key=key, columns=columns, formats=formats, **given)


def hide(data, rows, columns):
    """The data with cells made missing, and the mask that says so."""
    mask = pd.DataFrame(False, index=data.index, columns=data.columns)
    mask.loc[rows, columns] = True
    return data.mask(mask), mask


def shares(labels=OPTIONS, counts=COUNTS, base=74, hidden=(), **fields):
    n = np.array(counts[: len(labels)])
    share = n / base
    margin = 1.96 * np.sqrt(share * (1 - share) / base)
    data = pd.DataFrame(
        {
            "option": [f"o{i}" for i in range(len(labels))],
            "label": labels,
            "n": n,
            "base": base,
            "share": share,
            "ci_low": (share - margin).clip(0),
            "ci_high": (share + margin).clip(max=1),
        }
    )
    data, mask = hide(data, list(hidden), ["n", "share", "ci_low", "ci_high"])
    return released(data, ("option",), HEADERS, FORMATS, hidden=mask, **fields)


def waves(names=("1", "2", "3"), **fields):
    parts = [
        shares(counts=np.roll(COUNTS, i), base=base).data.assign(wave=name)
        for i, (name, base) in enumerate(zip(names, (132, 146, 74, 90), strict=False))
    ]
    data = pd.concat(parts, ignore_index=True)
    columns = {"wave": "Golf", **HEADERS}
    return released(data, ("wave", "option"), columns, {"wave": "text", **FORMATS}, **fields)


def statements(rows=((12, 34, 18, 8, 2), (8, 30, 21, 12, 3)), scale=SCALE, **fields):
    texts = ("Ik voel me verantwoordelijk voor de concrete invulling van mijn CoP",)
    texts += ("Ik heb invloed op de concrete invulling van mijn CoP",)
    data = pd.DataFrame(
        [
            (text, answer, n, sum(counts), n / sum(counts))
            for text, counts in zip(texts, rows, strict=False)
            for answer, n in zip(scale, counts, strict=True)
        ],
        columns=["label", "category", "n", "base", "share"],
    )
    columns = {"label": "Stelling", "category": "Antwoord", "n": "Aantal", "share": "Aandeel"}
    formats = {"label": "text", "category": "text", "n": "count", "share": "share"}
    return released(data, ("label", "category"), columns, formats, **fields)


def gap(**fields):
    hoped, got = [0.81, 0.62, 0.45, 0.7], [0.81, 0.55, 0.42, 0.004]
    data = pd.DataFrame({"label": OPTIONS[:4], "hoped": hoped, "got": got})
    data["difference"] = data["got"] - data["hoped"]
    columns = {"label": "Opbrengst", "hoped": "Gehoopt", "got": "Gekregen"}
    formats = {"label": "text", "hoped": "share", "got": "share", "difference": "points"}
    return released(data, ("label",), columns | {"difference": "Verschil"}, formats, **fields)


def cross(rows=SCALE, columns=SCALE, hidden=(), factor=1, **fields):
    data = pd.DataFrame(
        [
            (a, b, factor * ((3 * i + 5 * j) % 19))
            for i, a in enumerate(rows)
            for j, b in enumerate(columns)
        ],
        columns=["row", "column", "n"],
    )
    data, mask = hide(data, list(hidden), ["n"])
    headers = {"row": "Verantwoordelijk", "column": "Invloed", "n": "Aantal"}
    formats = {"row": "text", "column": "text", "n": "count"}
    return released(data, ("row", "column"), headers, formats, hidden=mask, **fields)


def events(**fields):
    rows = [
        ("Fase 1", "Fase", "2023-05-01", "2023-09-30"),
        ("Golf 1 van de vragenlijst", "Vragenlijst", "2023-05-15", "2023-06-30"),
        ("Focusgroep met communitytrekkers", "Gesprek", "2023-09-14", None),
        ("Eindrapport", "Rapport", "2024-03-29", "2024-03-29"),
    ]
    data = pd.DataFrame(rows, columns=["event", "kind", "start", "end"])
    headers = {"event": "Wat", "kind": "Soort", "start": "Van", "end": "Tot en met"}
    formats = {"event": "text", "kind": "text", "start": "date", "end": "date"}
    return released(data, ("event",), headers, formats, **fields)


def paths(**fields):
    rows = [
        ("Welke werkvormen worden gebruikt?", "Activiteiten", "Observaties"),
        ("Wat is de meerwaarde voor de deelnemers?", "Outcome", "Vragenlijst"),
        ("Wat is de meerwaarde voor de deelnemers?", "Outcome", "Interviews"),
        ("Wat is de verandering voor de inburgeraar?", "Impact", ""),
    ]
    data = pd.DataFrame(rows, columns=["question", "level", "instrument"])
    headers = {"question": "Onderzoeksvraag", "level": "Niveau", "instrument": "Instrument"}
    formats = dict.fromkeys(headers, "text")
    return released(data, ("question", "instrument"), headers, formats, **fields)


def steps(**fields):
    data = pd.DataFrame(
        {"label": ["Uitgenodigd", "Begonnen", "Afgerond"], "n": [1250, 96, 74]}
    ).assign(share=lambda d: d["n"] / 1250)
    headers = {"label": "Stap", "n": "Aantal", "share": "Aandeel"}
    formats = {"label": "text", "n": "count", "share": "share"}
    return released(data, ("label",), headers, formats, **fields)


def wide(**fields):
    """A table whose words do not fit beside each other on a page."""
    columns = [f"c{i}" for i in range(9)]
    data = pd.DataFrame([[f"samenwerkingsverband{i}{j}" for i in range(9)] for j in range(3)])
    headers = {c: f"Kop {c}" for c in columns}
    formats = dict.fromkeys(columns, "text")
    return released(data.set_axis(columns, axis=1), ("c0",), headers, formats, **fields)


def overview(**fields):
    """One row of many columns."""
    counts = {"members": 28, "organisations": 12, "meetings": 6}
    data = pd.DataFrame([{"cop": "here", "focus": "samenwerken", "online": "nee", **counts}])
    columns = {"focus": "Richt zich op", "online": "Online", "members": "Leden"}
    columns |= {"organisations": "Organisaties", "meetings": "Bijeenkomsten"}
    formats = dict.fromkeys(columns, "text") | dict.fromkeys(counts, "count")
    return released(data, ("cop",), columns, formats, **fields)
