"""LimeSurvey's survey archive (.lsa): questionnaire and responses in one zip file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from copanalysis.errors import CopanalysisError
from copanalysis.study.archive import unpack
from copanalysis.survey.export import NOT_SHOWN, Column, Export
from copanalysis.survey.formats import archive
from copanalysis.survey.formats.limesurvey import assemble_limesurvey
from copanalysis.survey.formats.limesurvey_columns import columns_of
from copanalysis.survey.formats.limesurvey_headings import META, Heading
from copanalysis.survey.formats.limesurvey_structure import read_lss
from copanalysis.survey.formats.sheet import Body, Row, Sheet
from copanalysis.survey.formats.structure import Structure, parse_xml

RESPONSES = re.compile(r"(?:.*/)?[^/]*_responses\.lsr")
OLD_FIELD = re.compile(r"\d+X\d+X(?P<key>.+)")


def archive_structure(path: Path, data: bytes) -> Structure:
    """The questionnaire in an .lsa file."""
    entries = unpack(
        data, where=path.name, wanted=lambda name: name.endswith(".lss"), most=archive.MAX_UNPACKED
    )
    if len(entries) != 1:
        raise CopanalysisError(
            f"{path.name} holds {len(entries)} questionnaires (.lss); expected one. Export the "
            "survey archive (.lsa) again from LimeSurvey."
        )
    name, content = next(iter(entries.items()))
    return read_lss(path, content, where=f"{path.name}, {name}")


def read_limesurvey_archive(path: Path, data: bytes) -> Export:
    """Read the responses in an .lsa file with the questionnaire beside them.

    LimeSurvey leaves out a field that stored nothing; such a question reads NOT_SHOWN (routed
    past, or after the page where the respondent stopped). Rows are numbered by record.
    """
    structure = archive_structure(path, data)
    fields, records = _responses(path, data)
    templates = structure.by_key()
    headings = [_heading(field, templates) for field in fields] or [
        Heading(column.name, None, column.item, column.option) for column in structure.columns
    ]
    rows = [Row(i, tuple(_cells(record, fields, headings))) for i, record in enumerate(records, 1)]
    header = Row(0, tuple(heading.name for heading in headings))
    sheet = Sheet(path, "lsa", "utf-8", (header, *rows))
    body = Body(len(headings), tuple(rows), ())
    columns, problems = columns_of(headings, body, structure, where=path.name)
    return assemble_limesurvey(sheet, body, headings, columns, "limesurvey-lsa", problems)


def _responses(path: Path, data: bytes) -> tuple[list[str], list[dict[str, str]]]:
    entries = unpack(
        data,
        where=path.name,
        wanted=lambda name: bool(RESPONSES.fullmatch(name)),
        most=archive.MAX_UNPACKED,
    )
    if len(entries) != 1:
        raise CopanalysisError(
            f"{path.name} holds {len(entries)} tables of responses (survey_..._responses.lsr); "
            "expected one. Only an archive of an active survey holds responses: export the "
            "responses as CSV instead."
        )
    name, content = next(iter(entries.items()))
    root = parse_xml(content, where=f"{path.name}, {name}")
    fields = [element.text or "" for element in root.iterfind("responses/fields/fieldname")]
    records = [
        {_field_of(str(cell.tag)): cell.text or "" for cell in row}
        for row in root.iterfind("responses/rows/row")
    ]
    return fields, records


def _field_of(tag: str) -> str:
    """The field behind an XML name: LimeSurvey puts _ before a digit and writes - for #."""
    tag = tag.removeprefix("_") if re.match(r"_\d", tag) else tag
    return re.sub(r"-(\d)$", r"#\1", tag)


def _cells(
    record: dict[str, str], fields: Sequence[str], headings: Sequence[Heading]
) -> Iterator[str | None]:
    for field, heading in zip(fields, headings, strict=True):
        absent = None if heading.meta is not None else NOT_SHOWN
        yield (record[field] or None) if field in record else absent


def _heading(field: str, templates: dict[str, Column]) -> Heading:
    if field in META:
        return Heading(field, META[field])
    old = OLD_FIELD.fullmatch(field)
    template = templates.get(old["key"] if old else field)
    if template is None:
        return Heading(field, code=field)
    return Heading(template.name, None, template.item, template.option)
