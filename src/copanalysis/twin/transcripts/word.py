"""Conversations as Word documents: running text, tracked changes, or a table of turns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from copanalysis.twin.transcripts.captions import clock
from copanalysis.twin.transcripts.conversations import Conversation, Utterance
from copanalysis.twin.transcripts.letterhead import header_fields
from copanalysis.twin.transcripts.pace import speaking_times
from copanalysis.twin.transcripts.packing import packed
from copanalysis.twin.transcripts.paragraphs import paragraphs
from copanalysis.twin.transcripts.word_parts import (
    HEAD,
    RELATIONS,
    STYLES,
    W,
    content_types,
    core_properties,
    document_relations,
)

REVIEWED_AFTER = timedelta(days=9)
REMARK = "Op verzoek aangepast na teruglezen, zie de wijziging."


def word_file(
    conversation: Conversation,
    labels: Mapping[str, str],
    rng: np.random.Generator,
    *,
    layout: str,
) -> bytes:
    """A conversation as .docx.

    ``layout`` is "colon" (bold name and colon), "bold" (bold name alone), "plain" (name and
    colon, not bold), "table" (two columns with headings) or "timed" (time, speaker and text).
    Tracked changes of the source are those of the first respondent, who read it afterwards.
    """
    if layout in ("table", "timed"):
        turns = _table_of_turns(conversation, labels, rng, timed=layout == "timed")
    else:
        turns = "".join(_running_text(conversation, labels, layout))
    commented = "commentReference" in turns
    body = _title(conversation) + turns
    asking = conversation.interviewers[0].name
    parts = {
        "[Content_Types].xml": content_types(with_comments=commented),
        "_rels/.rels": RELATIONS,
        "docProps/core.xml": core_properties(conversation.title, asking, conversation.date),
        "word/document.xml": (
            f'{HEAD}<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>'
        ),
        "word/styles.xml": STYLES,
        "word/_rels/document.xml.rels": document_relations(with_comments=commented),
    }
    if commented:
        parts["word/comments.xml"] = _comments(conversation, asking)
    return packed(parts, day=conversation.date)


def _title(conversation: Conversation) -> str:
    rows = [[_paragraph(_run(cell)) for cell in field] for field in header_fields(conversation)]
    heading = _paragraph(_run("Uitwerking"), style="Kop1")
    return _paragraph(_run(conversation.title), style="Titel") + _table(rows) + heading


def _running_text(
    conversation: Conversation, labels: Mapping[str, str], layout: str
) -> Iterator[str]:
    numbers = itertools.count(1)
    middle = len(conversation.utterances) // 2
    remark_due = True
    for number, utterance in enumerate(conversation.utterances):
        if number == middle:
            yield _paragraph(_run("Vervolg van het gesprek"), style="Kop1")
        name = labels[utterance.code]
        label = _run(name, bold=layout != "plain") + _run(" " if layout == "bold" else ": ")
        if any(piece.change for piece in utterance.pieces):
            runs = "".join(_changed(conversation, utterance, numbers))
            yield _paragraph(label + (_remarked(runs) if remark_due else runs))
            remark_due = False
            continue
        first, *more = paragraphs(utterance.text)
        yield _paragraph(label + _run(first))
        yield from (_paragraph(_run(text)) for text in more)


def _changed(
    conversation: Conversation, utterance: Utterance, numbers: Iterator[int]
) -> Iterator[str]:
    reviewer = next(person.name for person in conversation.people if not person.asks)
    day = conversation.date + REVIEWED_AFTER
    by = f'w:author={quoteattr(reviewer)} w:date="{day.isoformat()}T20:14:00Z"'
    for piece in utterance.pieces:
        run = _run(piece.text, deleted=piece.change == "del")
        if piece.change:
            number = next(numbers)
            run = f'<w:{piece.change} w:id="{number}" {by}>{run}</w:{piece.change}>'
        yield run


def _remarked(runs: str) -> str:
    return (
        f'<w:commentRangeStart w:id="0"/>{runs}<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r>'
    )


def _comments(conversation: Conversation, author: str) -> str:
    day = conversation.date + REVIEWED_AFTER + timedelta(days=1)
    initials = "".join(word[0] for word in author.split())
    return (
        f'{HEAD}<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author={quoteattr(author)} '
        f'w:date="{day.isoformat()}T09:05:00Z" w:initials="{initials}">'
        f"{_paragraph(_run(REMARK))}</w:comment></w:comments>"
    )


def _table_of_turns(
    conversation: Conversation,
    labels: Mapping[str, str],
    rng: np.random.Generator,
    *,
    timed: bool,
) -> str:
    spans = speaking_times(conversation, rng)
    rows = [] if timed else [[_paragraph(_run(head, bold=True)) for head in ("Spreker", "Tekst")]]
    for utterance, span in zip(conversation.utterances, spans, strict=True):
        stamp = [_paragraph(_run(clock(span.start).partition(".")[0]))] if timed else []
        text = "".join(_paragraph(_run(part)) for part in paragraphs(utterance.text))
        rows.append([*stamp, _paragraph(_run(labels[utterance.code])), text])
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    columns = "<w:gridCol/>" * len(rows[0])
    own = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:tcPr/>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{own}</w:tbl>"


def _paragraph(runs: str, *, style: str = "") -> str:
    chosen = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{chosen}{runs}</w:p>"


def _run(text: str, *, bold: bool = False, deleted: bool = False) -> str:
    letters = "<w:rPr><w:b/></w:rPr>" if bold else ""
    kind = "delText" if deleted else "t"
    return f'<w:r>{letters}<w:{kind} xml:space="preserve">{escape(text)}</w:{kind}></w:r>'
