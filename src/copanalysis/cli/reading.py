"""Looking: at files that came in, at what was made of them, and at what changed."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copanalysis.cli.application import RawOption, app, print_problems
from copanalysis.cli.places import file_to_write
from copanalysis.errors import CopanalysisError, refuse_if_any

if TYPE_CHECKING:
    from copanalysis.study.plan import Study

CODEBOOK_SUFFIX = ".qdc"
REFI_SUFFIXES = (".qdpx", ".qde", CODEBOOK_SUFFIX)
TRANSCRIPT_SUFFIXES = (".docx", ".odt", ".vtt", ".srt", ".pdf", ".txt")


@app.command()
def inspect(
    file: Annotated[
        Path, typer.Argument(help="A survey export, transcript, register or coded project.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what a file holds: format, respondents or speakers, items or codes, every oddity."""
    if not file.exists():
        raise CopanalysisError(f"{file} is not a file.")
    suffix = file.suffix.lower()
    if suffix in REFI_SUFFIXES:
        from copanalysis.fieldwork.refi.inspection import inspect_project as look
        from copanalysis.fieldwork.refi.inspection import project_text as told
    elif suffix in TRANSCRIPT_SUFFIXES:
        from copanalysis.fieldwork.transcripts.inspection import inspect_transcript as look
        from copanalysis.fieldwork.transcripts.inspection import transcript_text as told
    elif study := _study_of_register(file):
        from copanalysis.fieldwork.registers.inspection import inspect_register
        from copanalysis.fieldwork.registers.inspection import register_text as told

        look = partial(inspect_register, study=study)
    else:
        from copanalysis.survey.inspection import inspect_survey as look
        from copanalysis.survey.inspection import inspection_text as told
    found = look(file)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1) if as_json else told(found))


@app.command()
def check(
    raw: RawOption = "",
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            exists=True,
            dir_okay=False,
            help="A key of pseudonymise: look for its people too.",
        ),
    ] = None,
) -> None:
    """Check instruments, notebooks, exports and registers, and that no output names a person.

    Lists every problem. In data/processed and reports it looks for what seems to be a person, a
    phone number, an e-mail or home address, a BSN, an IBAN, a date of birth or a licence plate.
    """
    from copanalysis.fieldwork.pseudonyms.keyfile import read_key
    from copanalysis.fieldwork.registers.preparation import prepare_registers
    from copanalysis.report.pages import report_pages
    from copanalysis.report.planning import notebook_problems
    from copanalysis.study.plan import load_study
    from copanalysis.study.privacy.scan import OUTPUTS, scan_outputs
    from copanalysis.survey.preparation import prepare_survey

    study = load_study()
    if (study.root / "notebooks").is_dir():
        found = notebook_problems(study, report_pages(study))
        refuse_if_any("These notebooks cannot be run", found)
    prepared = prepare_survey(study, raw=raw)
    for wave in prepared:
        n = len(wave.tables["respondents"])
        typer.echo(f"{study.wave(wave.wave).name}: {wave.format}, {n} rows")
        print_problems(wave.problems)
    registers = prepare_registers(study, raw=raw)
    typer.echo(f"Registers: {', '.join(f'{n} {len(t)}' for n, t in registers.tables.items())} rows")
    print_problems(registers.problems)
    typer.echo(f"{len(study.items)} items in {len(study.waves)} waves: the instruments are sound.")
    found = scan_outputs(study, people=read_key(key).people if key else ())
    refuse_if_any("What was made may identify people", found)
    typer.echo(f"Nothing in {' and '.join(OUTPUTS)} looks like an identifier of a person.")


@app.command()
def audit(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of pages (default: reports/pages).")
    ] = None,
    release: Annotated[
        list[Path] | None,
        typer.Option(help="Pages published before (default: every frozen release)."),
    ] = None,
) -> None:
    """Play the attacker: can a reader of the released files work out what they hide?

    Computes the interval of every hidden count from the tables of all pages together, and from
    what was published before. One too narrow is named with the tables that give it away.
    """
    from copanalysis.report.disclosure.audit import refuse_leaks
    from copanalysis.report.outputs import pages_folder
    from copanalysis.study.plan import load_study

    study = load_study()
    found = refuse_leaks(study, folder or pages_folder(study.root), releases=release)
    typer.echo(f"{len(found.intervals)} hidden counts, none to be worked out.")


@app.command()
def lint(
    files: Annotated[list[Path], typer.Argument(help="Notebooks, Markdown or text files.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check Dutch prose: facts with two values, sums, names, references, quantifiers."""
    from copanalysis.evidence.prose.check import check_prose
    from copanalysis.evidence.prose.findings import findings_text
    from copanalysis.study.plan import load_study

    found = check_prose(files, study=load_study())
    if as_json:
        typer.echo(json.dumps([f.as_dict() for f in found], ensure_ascii=False, indent=1))
    else:
        typer.echo(findings_text(found) or "Nothing found.")
    if any(finding.level == "error" for finding in found):
        raise typer.Exit(1)


@app.command()
def trace(
    id: Annotated[
        str, typer.Argument(help="A number (page:pointer), or a page to list its numbers.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow a number of the report back to table, formula, base, notebook cell and rows."""
    from copanalysis.report.trace import number_ids, trace_text
    from copanalysis.report.trace import trace as follow
    from copanalysis.study.settings import find_root

    root = find_root(None)
    if ":" in id:
        found = follow(root, id)
        text = trace_text(found)
    else:
        found = number_ids(root, id)
        text = "\n".join(f"{n['id']}  {n['shown']}  ({n['in']})" for n in found)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1) if as_json else text)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(help="A release by name, or a folder with pages.")],
    new: Annotated[str, typer.Argument(help="The later run (default: the report as it is).")] = "",
    html: Annotated[Path | None, typer.Option(help="Also write the comparison as a page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what changed between two runs: numbers, tables, figures, sentences, verdicts; and why.

    A folder is one that `copanalysis report` or `copanalysis release` wrote, or one of its pages.
    """
    from copanalysis.report.comparison import compare as compare_runs
    from copanalysis.report.comparison_page import comparison_html, comparison_text
    from copanalysis.report.runs import run_folder
    from copanalysis.study.settings import find_root, read_settings

    root = find_root(None)
    if html:
        file_to_write(html, ".html", ".htm")
    folders = [run_folder(name, root=root) for name in (old, new)]
    found = compare_runs(*folders)
    if html:
        pages = read_settings(root)[0].get("pages", ())
        titles = {page["id"]: page["title"] for page in pages}
        html.write_text(comparison_html(found, titles=titles), encoding="utf-8")
    typer.echo(
        json.dumps(found, ensure_ascii=False, indent=1) if as_json else comparison_text(found)
    )


def _study_of_register(file: Path) -> Study | None:
    """The study whose register a file is; None when it is none, or no study is near."""
    from copanalysis.fieldwork.registers.recognition import is_register_file
    from copanalysis.fieldwork.registers.workbooks import SUFFIXES
    from copanalysis.study.plan import load_study
    from copanalysis.study.settings import nearest_root

    if file.suffix.lower() not in SUFFIXES or nearest_root() is None:
        return None
    study = load_study()
    return study if is_register_file(file, study=study) else None
