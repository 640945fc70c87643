"""The twin's coded projects: what two coders and their adjudicator made of the same texts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork.coded_texts import codes_of_codebook
from copanalysis.fieldwork.coding import CodedProject, coded_project, stable_guid, text_hash
from copanalysis.fieldwork.conversations import read_conversations
from copanalysis.fieldwork.preparation import CODING, TRANSCRIPTS
from copanalysis.fieldwork.refi.writing import write_project
from copanalysis.fieldwork.transcript import Document
from copanalysis.study.plan import Study
from copanalysis.survey.preparation import prepare_survey

FOLDER = Path(__file__).parent / "texts" / "coding"
ANSWERS = FOLDER.parent / "open_answers.csv"
PLACED = ["document", "start", "end", "code", "memo"]
CODED_AT = "2024-02-19T09:00:00Z"


@dataclass(frozen=True)
class Coder:
    """One layer: the file it is handed in as, who coded, and what this coder was given.

    ``left_out`` are the first letters of the ids of documents that the coder was not given.
    ``old_codes`` maps an active code to the code of an earlier codebook that this coder gave in
    its place in documents whose id begins with ``old_in``.
    """

    file: str
    name: str
    left_out: tuple[str, ...] = ()
    old_codes: Mapping[str, str] = field(default_factory=dict)
    old_in: str = "T"  # the phone round came before the codebook was revised


CODERS = (
    Coder(
        "coder_a",
        "Codeur A",
        old_codes={
            "outcome.knowledge.others": "outcome.knowledge.chain",
            "topic.groups": "topic.young_people",
            "works.signals.feedback": "works.signals.divosa",
        },
    ),
    Coder("coder_b", "Codeur B", left_out=("T", "F", "B")),
    Coder("adjudicated", "Vastgesteld"),
)


def write_coding(out: Path, *, study: Study) -> list[Path]:
    """Write a REFI-QDA project per layer to ``fieldwork/coding/``, whole or not at all.

    What is coded are the conversations and the open answers as they stand in the raw folder
    ``out``, read as any evaluator would read them.

    Raises
    ------
    CopanalysisError
        With every quote that is not found where its coder placed it.
    """
    conversations = read_conversations(out / TRANSCRIPTS, study=study)
    documents = {c.id: c.document for c in conversations}
    answers = _open_answers(study, raw=str(out))
    texts = {id: document.text for id, document in documents.items()}
    texts |= dict(zip(answers["document"], answers["text"], strict=True))
    stock, codes = _stock(), codes_of_codebook(study)
    folder = out / CODING
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".coding-") as temporary:
        for coder in CODERS:
            rows = pd.concat([_quotes(coder, documents), _answers(coder, stock, answers)])
            project = _project(coder, rows, texts, codes)
            write_project(project, Path(temporary) / f"{coder.file}.qdpx")
        for made in sorted(Path(temporary).iterdir()):
            made.replace(folder / made.name)
    return [folder / f"{coder.file}.qdpx" for coder in CODERS]


def _open_answers(study: Study, *, raw: str) -> pd.DataFrame:
    """The open answers of the respondents in the analysis: document, item, text."""
    name = study.settings["coding"]["answer_document"]
    items = set(pd.read_csv(ANSWERS, dtype="str")["item"])
    parts = []
    for wave in prepare_survey(study, raw=raw):
        people = wave.tables["respondents"].query("used")[["respondent", "row"]]
        answers = wave.tables["answers"].merge(people, on="respondent")
        parts.append(answers[answers["item"].isin(items) & answers["text"].fillna("").ne("")])
    rows = pd.concat(parts, ignore_index=True)
    given = zip(rows["wave"], rows["row"], rows["item"], strict=True)
    documents = [name.format(wave=wave, row=row, item=item) for wave, row, item in given]
    return pd.DataFrame({"document": documents, "item": rows["item"], "text": rows["text"]})


def _quotes(coder: Coder, documents: Mapping[str, Document]) -> pd.DataFrame:
    """The coded passages with their places: document, start, end, code, memo."""
    rows, problems = [], []
    for row in _read(f"{coder.file}_segments").itertuples():
        turn = documents[row.document].turns[int(row.turn) - 1]
        start = turn.text.find(row.quote)
        if start < 0:
            where = f"{coder.file}_segments.csv, {row.document} turn {row.turn}"
            problems.append(Problem(where, repr(row.quote), "words of that turn", "correct it"))
            continue
        old = row.document.startswith(coder.old_in)
        code = coder.old_codes.get(row.code, row.code) if old else row.code
        begin = turn.offset + start
        rows.append((row.document, begin, begin + len(row.quote), code, row.memo))
    refuse_if_any("The coders' quotes do not fit the transcripts", problems)
    return pd.DataFrame(rows, columns=PLACED)


def _answers(coder: Coder, stock: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The codes on whole open answers, at every respondent who wrote that answer."""
    given = _read(f"{coder.file}_answers").merge(stock, on="id")
    words = answers["text"].str.split().str.join(" ")
    found = answers.assign(words=words).merge(given, on=["item", "words"])
    return found.assign(start=0, end=found["text"].str.len())[PLACED]


def _read(name: str) -> pd.DataFrame:
    table = pd.read_csv(FOLDER / f"{name}.csv", dtype="str", keep_default_na=False)
    table = table.rename(columns={"reason": "memo"})
    return table if "memo" in table else table.assign(memo="")


def _stock() -> pd.DataFrame:
    """The open answers of the twin: id, item, words (text with single spaces)."""
    stock = pd.read_csv(ANSWERS, dtype="str", keep_default_na=False)
    return stock.assign(words=stock["text"].str.split().str.join(" "))[["id", "item", "words"]]


def _project(
    coder: Coder, rows: pd.DataFrame, texts: Mapping[str, str], codes: pd.DataFrame
) -> CodedProject:
    user = stable_guid("coder", coder.name)
    segments = _segments(coder, rows, texts).assign(coder=user, created=CODED_AT)
    memos = segments[segments["memo"].ne("")]
    return coded_project(
        f"CoP's inburgering, {coder.name}",
        documents=_documents(coder, texts),
        codes=codes,
        coders=[{"coder": user, "name": coder.name}],
        segments=segments.drop(columns="memo"),
        memos=pd.DataFrame(
            {
                "memo": [stable_guid("memo", coding) for coding in memos["coding"]],
                "name": "",
                "text": memos["memo"],
                "target_kind": "coding",
                "target": memos["coding"],
                "coder": user,
                "created": CODED_AT,
            }
        ),
    )


def _segments(coder: Coder, rows: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """Segments of a coded project without coder and moment, with the memo on each coding."""
    rows = rows.drop_duplicates(["document", "start", "end", "code"])
    places = [(coder.file, d, str(a), str(b)) for d, a, b in rows[PLACED[:3]].to_numpy()]
    return pd.DataFrame(
        {
            "segment": [stable_guid("segment", *place) for place in places],
            "coding": [
                stable_guid("coding", *place, code)
                for place, code in zip(places, rows["code"], strict=True)
            ],
            "document": [stable_guid("document", id) for id in rows["document"]],
            "start": rows["start"].to_numpy(),
            "end": rows["end"].to_numpy(),
            "text": [texts[d][int(a) : int(b)] for _, d, a, b in places],
            "code": [stable_guid("code", code) for code in rows["code"]],
            "description": "",
            "memo": rows["memo"].to_numpy(),
        }
    )


def _documents(coder: Coder, texts: Mapping[str, str]) -> pd.DataFrame:
    given = {id: text for id, text in texts.items() if not id.startswith(coder.left_out)}
    return pd.DataFrame(
        {
            "document": [stable_guid("document", id) for id in given],
            "name": list(given),
            "kind": "text",
            "text": list(given.values()),
            "hash": [text_hash(text) for text in given.values()],
            "description": "",
        }
    )
