"""Making: the report, its releases, the twin and entry forms."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copanalysis.cli.application import RawOption, app
from copanalysis.cli.places import file_to_write
from copanalysis.errors import CopanalysisError, Problem

if TYPE_CHECKING:
    pass


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

    project = load_project()
    order(project)  # what is wrong in it is not mended by saving
    with suppress(KeyboardInterrupt):
        keep_watch(project, order, port=port, say=typer.echo)


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
    file_to_write(out, ".xlsx")
    typer.echo(str(write_entry_form(out, study=load_study())))


def _assigned(values: list[str]) -> dict[str, str]:
    wrong = [value for value in values if "=" not in value]
    if wrong:
        problems = [Problem("--set", repr(v), "name=value", "write name=value") for v in wrong]
        raise CopanalysisError("A parameter is not understood.", problems)
    return dict(value.split("=", 1) for value in values)
