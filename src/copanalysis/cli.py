"""The command line: thin commands over the library, one clear message when something is wrong."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copanalysis.errors import CopanalysisError, Problem, refuse_if_any

if TYPE_CHECKING:
    from copanalysis.study.plan import Study

app = typer.Typer(
    name="copanalysis",
    help=(
        "From raw survey exports to the chapters of an evaluation report.\n\n"
        "Start with [bold]copanalysis report[/bold]: it prepares the data, runs the notebooks "
        "and writes the site reports/site/index.html. Your own exports go into "
        "data/raw/NAME/survey/wave_1/ and so on; [bold]copanalysis inspect FILE[/bold] tells "
        "what an export holds, [bold]copanalysis check --raw NAME[/bold] whether it fits the "
        "questionnaire, [bold]copanalysis report --raw NAME[/bold] makes the report from it."
    ),
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
qdpx = typer.Typer(help="Exchange coded projects with other tools (REFI-QDA).")
app.add_typer(qdpx, name="qdpx")
CODEBOOK_SUFFIX = ".qdc"
REFI_SUFFIXES = (".qdpx", ".qde", CODEBOOK_SUFFIX)
TRANSCRIPT_SUFFIXES = (".docx", ".odt", ".vtt", ".srt", ".pdf", ".txt")
RawOption = Annotated[
    str, typer.Option("--raw", help="Folder under data/raw to read (default: study.toml).")
]


@app.command()
def report(
    pages: Annotated[
        list[str] | None,
        typer.Argument(help="Notebooks or page ids to make; all when none is named."),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter, as in --set wave=2 --set cop=amsterdam."),
    ] = None,
    raw: RawOption = "",
    jobs: Annotated[int, typer.Option(help="Notebooks at a time (default: all cores).")] = 0,
    single: Annotated[
        bool, typer.Option("--single", help="Also one HTML file, and one per chapter.")
    ] = False,
    word: Annotated[bool, typer.Option("--word", help="Also a Word document.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also a PDF (needs Chromium).")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="Also a workbook of all tables.")] = False,
    engine: Annotated[
        str, typer.Option(help="copanalysis (forks, fast) or stock (a new kernel each).")
    ] = "copanalysis",
    time_limit: Annotated[float, typer.Option(help="Seconds that one cell may take.")] = 600,
    why: Annotated[bool, typer.Option("--why", help="Tell why each notebook runs.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run all, changed or not.")] = False,
) -> None:
    """Prepare the data, run the notebooks and write the site: what changed, and no more.

    Files to take along go into reports/downloads, of the pages named or of the whole report.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # before numpy: a process with threads is not forked
    from copanalysis.progress import ShownRuns
    from copanalysis.report.production import Order, make_report
    from copanalysis.study.settings import load_project

    project = load_project()
    wanted = {"html": single, "docx": word, "pdf": pdf, "xlsx": xlsx}
    order = Order(
        only=pages or [],
        values=_assigned(values or []),
        raw=raw,
        jobs=jobs or os.cpu_count() or 1,
        engine=engine,
        time_limit=time_limit,
        fresh=fresh,
        kinds=[kind for kind, asked in wanted.items() if asked],
        say=typer.echo,
    )
    with ShownRuns(sum(map(len, order.runs(project)))) as shown:
        order = replace(order, told=shown.told, why=shown.why if why else order.why)
        index = make_report(project, order)
    if shown.unchanged:
        typer.echo(f"{shown.unchanged} of {shown.total} notebooks were up to date")
    typer.echo(f"The report stands in {index.relative_to(project.root)}")


@app.command()
def watch(
    raw: RawOption = "",
    jobs: Annotated[int, typer.Option(help="Notebooks at a time (default: all cores).")] = 0,
    port: Annotated[int, typer.Option(help="Where the browser finds the report.")] = 8765,
) -> None:
    """Keep the report up to date while you edit: save, and the page in the browser is new."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # before numpy: a process with threads is not forked
    from copanalysis.progress import ShownRuns
    from copanalysis.report.production import Order
    from copanalysis.report.watching import watch as keep_watch
    from copanalysis.study.settings import Project, load_project

    def order(project: Project) -> Order:
        asked = Order(raw=raw, jobs=jobs or os.cpu_count() or 1)
        shown = ShownRuns(sum(map(len, asked.runs(project))))
        return replace(asked, told=shown.told, why=shown.why)

    with suppress(KeyboardInterrupt):
        keep_watch(load_project(), order, port=port, say=typer.echo)


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
def check(
    raw: RawOption = "",
    key: Annotated[
        Path | None,
        typer.Option("--key", exists=True, help="A key of pseudonymise: look for its people too."),
    ] = None,
) -> None:
    """Check instruments, exports and registers, and that no output names a person.

    Lists every problem. In data/processed and reports it looks for what seems to be a person, a
    phone number, an e-mail or home address, a BSN, an IBAN, a date of birth or a licence plate.
    """
    from copanalysis.fieldwork.pseudonyms.keyfile import read_key
    from copanalysis.fieldwork.registers.preparation import prepare_registers
    from copanalysis.study.plan import load_study
    from copanalysis.study.privacy.scan import OUTPUTS, scan_outputs
    from copanalysis.survey.preparation import prepare_survey

    study = load_study()
    prepared = prepare_survey(study, raw=raw)
    for wave in prepared:
        n = len(wave.tables["respondents"])
        typer.echo(f"{study.wave(wave.wave).name}: {wave.format}, {n} rows")
        _print_problems(wave.problems)
    registers = prepare_registers(study, raw=raw)
    typer.echo(f"Registers: {', '.join(f'{n} {len(t)}' for n, t in registers.tables.items())} rows")
    _print_problems(registers.problems)
    typer.echo(f"{len(study.items)} items in {len(study.waves)} waves: the instruments are sound.")
    found = scan_outputs(study, people=read_key(key).people if key else ())
    refuse_if_any("What was made may identify people", found)
    typer.echo(f"Nothing in {' and '.join(OUTPUTS)} looks like an identifier of a person.")


@app.command()
def inspect(
    file: Annotated[
        Path, typer.Argument(help="A survey export, transcript, register or coded project.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what a file holds: format, respondents or speakers, items or codes, every oddity."""
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
def form(
    name: Annotated[str, typer.Argument(help="Which form: observations.")],
    out: Annotated[Path, typer.Argument(help="The Excel file to write (.xlsx).")],
) -> None:
    """Write an empty entry form in Excel, made from the observation scheme."""
    from copanalysis.study.entry_form import write_entry_form
    from copanalysis.study.plan import load_study

    if name != "observations":
        raise CopanalysisError(f"There is no form {name!r}; there is one for observations.")
    typer.echo(str(write_entry_form(out, study=load_study())))


@app.command()
def pseudonymise(
    source: Annotated[Path, typer.Argument(help="A transcript, or a folder of them.")],
    out: Annotated[Path, typer.Argument(help="A new file or folder.")],
    key: Annotated[
        Path, typer.Option("--key", help="The key (CSV), outside the project; made when new.")
    ],
    interviewer: Annotated[
        list[str] | None, typer.Option(help="A speaker who asks, as written; may be repeated.")
    ] = None,
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Without deduce: quicker, finds a little less.")
    ] = False,
) -> None:
    """Write transcripts with pseudonyms for names, numbers, addresses and places.

    VTT, SRT and plain text keep their form; Word, OpenDocument and PDF become plain text.
    """
    from copanalysis.fieldwork.pseudonyms.deduction import deduce_finder
    from copanalysis.fieldwork.pseudonyms.files import pseudonymise_files
    from copanalysis.study.identifiers import names_of_study
    from copanalysis.study.plan import load_study

    study = load_study()
    done = pseudonymise_files(
        source,
        out,
        key_path=key,
        project=study.root,
        names=names_of_study(study.names),
        finder=None if rules_only else deduce_finder(),
        roles=dict.fromkeys(interviewer or [], "interviewer"),
    )
    for kind, n in done.replaced.groupby("kind")["n"].sum().items():
        typer.echo(f"{n} x {kind}")
    _print_problems(done.notes)
    typer.echo(f"{out}: read a sample; the key gained {done.new} entries and lies at {key}")


@app.command()
def lint(
    files: Annotated[list[Path], typer.Argument(help="Notebooks, Markdown or text files.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check Dutch prose: facts with two values, sums, names, references, quantifiers."""
    from copanalysis.evidence.prose.check import check_prose
    from copanalysis.study.plan import load_study

    found = check_prose(files, study=load_study())
    if as_json:
        typer.echo(json.dumps([f.as_dict() for f in found], ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(map(str, found)) or "Nothing found.")
    if any(finding.level == "error" for finding in found):
        raise typer.Exit(1)


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
    from copanalysis.study.settings import find_root

    folders = [run_folder(name, root=find_root(None)) for name in (old, new)]
    found = compare_runs(*folders)
    if html:
        html.write_text(comparison_html(found), encoding="utf-8")
    typer.echo(
        json.dumps(found, ensure_ascii=False, indent=1) if as_json else comparison_text(found)
    )


@app.command()
def release(
    name: Annotated[str, typer.Argument(help="A name for the release, as in tussenrapport.")],
    values: Annotated[
        list[str] | None,
        typer.Option("--set", help="A parameter, as for report; then only pages that have it."),
    ] = None,
    raw: RawOption = "",
) -> None:
    """Make the report from scratch, check it, and freeze it in reports/releases/NAME.

    Whole or not at all. The same inputs, code and environment give the same bytes.
    """
    from copanalysis.report.frozen import freeze, run_command
    from copanalysis.study.plan import load_study

    given = [word for value in values or [] for word in ("--set", value)]
    given += ["--raw", raw] if raw else []
    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    whole = ["--single", "--word", "--pdf", "--xlsx"]

    def make(root: Path) -> None:
        run_command(root, "report", *whole, *given)
        for check in [name for name in ("check", "audit") if name in known]:
            run_command(root, check, *(["--raw", raw] if raw and check == "check" else []))

    folder = freeze(load_study(), name, make=make, settings=given)
    typer.echo(f"Release {name} stands in {folder}")


@qdpx.command("import")
def qdpx_import(
    file: Annotated[
        Path, typer.Argument(help="A REFI-QDA project or codebook (.qdpx, .qde, .qdc).")
    ],
    folder: Annotated[Path, typer.Argument(help="A new folder for its tables.")],
    counting: Annotated[
        str | None, typer.Option(help="Unit of counting, where the file leaves it open.")
    ] = None,
) -> None:
    """Read a coded project or codebook of another tool into tables."""
    from copanalysis.fieldwork.refi.tables import import_codebook, import_tables

    if file.suffix.lower() == CODEBOOK_SUFFIX:
        codebook = import_codebook(file, folder)
        _print_problems(codebook.problems)
        typer.echo(f"{len(codebook.codes)} codes")
        return
    project = import_tables(file, folder, counting=counting)
    _print_problems(project.problems)
    counts = len(project.documents), len(project.codes), len(project.segments)
    typer.echo("{} documents, {} codes, {} coded segments".format(*counts))


@qdpx.command("export")
def qdpx_export(
    folder: Annotated[Path, typer.Argument(help="A folder of tables from qdpx import.")],
    file: Annotated[
        Path, typer.Argument(help="The file to write: a project (.qdpx) or its codebook (.qdc).")
    ],
) -> None:
    """Write tables as a REFI-QDA project or codebook that other tools open."""
    from copanalysis.fieldwork.refi.tables import export_codebook, export_tables

    if file.suffix.lower() == CODEBOOK_SUFFIX:
        export_codebook(folder, file)
    else:
        _print_problems(export_tables(folder, file))
    typer.echo(str(file))


@qdpx.command("codebook")
def qdpx_codebook(
    file: Annotated[Path, typer.Argument(help="The codebook to write (.qdc).")],
) -> None:
    """Write data/instruments/codebook.csv for a coding tool, so that its codes are known here."""
    from copanalysis.fieldwork.coded_texts import codes_of_codebook
    from copanalysis.fieldwork.refi.codebook import write_codebook
    from copanalysis.study.plan import load_study

    write_codebook(codes_of_codebook(load_study()), file)
    typer.echo(str(file))


@app.command()
def twin(
    out: Annotated[
        Path | None, typer.Option(help="Folder to write (default: data/raw/demo).")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 2021,
) -> None:
    """Write the synthetic twin: survey exports, transcripts, coders' projects and registers."""
    from copanalysis.study.plan import load_study
    from copanalysis.twin.coding import write_coding
    from copanalysis.twin.fieldwork import write_fieldwork
    from copanalysis.twin.registers import write_registers_twin
    from copanalysis.twin.survey import write_twin

    study = load_study()
    folder = out or study.root / "data" / "raw" / "demo"
    written = [*write_twin(folder, study=study, seed=seed), *write_fieldwork(folder, seed=seed)]
    written += [*write_coding(folder, study=study), *write_registers_twin(folder, study=study)]
    for path in written:
        typer.echo(str(path))


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


def _assigned(values: list[str]) -> dict[str, str]:
    wrong = [value for value in values if "=" not in value]
    if wrong:
        problems = [Problem("--set", repr(v), "name=value", "write name=value") for v in wrong]
        raise CopanalysisError("A parameter is not understood.", problems)
    return dict(value.split("=", 1) for value in values)


def _print_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        typer.echo(f"  {problem.level}: {problem}")


def main() -> None:
    """Run the command; a refusal is one message on stderr and exit code 2."""
    try:
        app()
    except CopanalysisError as error:
        typer.echo(f"copanalysis: {error}", err=True)
        sys.exit(2)
