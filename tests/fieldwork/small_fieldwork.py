"""A raw folder with two short conversations and the project of one coder, for tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from copanalysis.fieldwork.coding import coded_project, stable_guid, text_hash
from copanalysis.fieldwork.refi.writing import write_project
from copanalysis.fieldwork.transcript import read_transcript

HEAD = "id,file,kind,group,cop,organisation,date,minutes,interviewer,interviewer_label"
ROWS = (
    "P01,P01.txt,interview,participant,Zeeland,COA,2023-11-02,30,AB,Interviewer",
    "P02,P02.txt,interview,participant,amsterdam,gemeente,2023-12-02,40,AB,Interviewer",
)
TALK = {
    "P01": "Interviewer: Wat bracht het?\nAnneke Visser: Ik bel Kees de Wit nu. Dat scheelt.\n",
    "P02": "Interviewer: En bij jou?\nRespondent: Er is niets veranderd. De lijnen zijn korter.\n",
}


def write_conversations(raw: Path, *, rows: tuple[str, ...] = ROWS, head: str = HEAD) -> Path:
    folder = raw / "fieldwork" / "transcripts"
    folder.mkdir(parents=True)
    for name, text in TALK.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "index.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder


def write_coder(
    raw: Path,
    passages: list[tuple[str, str, str]],
    *,
    coder: str = "Codeur A",
    names: dict[str, str] | None = None,
    texts: dict[str, str] | None = None,
) -> Path:
    """A project with (document, words, code) as coded passages.

    ``names`` gives codes another name and GUID than ours, ``texts`` documents another text.
    """
    folder = raw / "fieldwork" / "coding"
    folder.mkdir(parents=True, exist_ok=True)
    own = {p.stem: read_transcript(p).text for p in (raw / "fieldwork/transcripts").glob("*.txt")}
    own |= texts or {}
    user, named = stable_guid("coder", coder), names or {}
    codes = dict.fromkeys(code for _, _, code in passages)
    guid = {c: stable_guid("other" if c in named else "code", c) for c in codes}
    rows = [
        {
            "segment": stable_guid("segment", coder, str(i)),
            "coding": stable_guid("coding", coder, str(i)),
            "document": stable_guid("document", document),
            "start": own[document].index(words),
            "end": own[document].index(words) + len(words),
            "text": words,
            "code": guid[code],
            "coder": user,
            "created": "2024-02-19T09:00:00Z",
            "description": "",
        }
        for i, (document, words, code) in enumerate(passages)
    ]
    project = coded_project(
        "klein",
        documents=[
            {
                "document": stable_guid("document", name),
                "name": name,
                "kind": "text",
                "text": text,
                "hash": text_hash(text),
                "description": "",
            }
            for name, text in own.items()
        ],
        codes=pd.DataFrame(
            {
                "code": list(guid.values()),
                "name": [named.get(c, c) for c in codes],
                "parent": "",
                "color": "",
                "description": "",
                "codable": True,
            }
        ),
        coders=[{"coder": user, "name": coder}],
        segments=rows,
    )
    path = folder / f"{stable_guid(coder)[:8]}.qdpx"
    write_project(project, path)
    return path
