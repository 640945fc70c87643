"""Sharing: coded projects with other tools, and texts without names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from copanalysis.cli.application import app, print_problems, qdpx
from copanalysis.cli.places import file_to_write, folder_to_write

CODEBOOK_SUFFIX = ".qdc"


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
    print_problems(done.notes)
    typer.echo(f"{out}: read a sample; the key gained {done.new} entries and lies at {key}")


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

    folder_to_write(folder)
    if file.suffix.lower() == CODEBOOK_SUFFIX:
        codebook = import_codebook(file, folder)
        print_problems(codebook.problems)
        typer.echo(f"{len(codebook.codes)} codes")
        return
    project = import_tables(file, folder, counting=counting)
    print_problems(project.problems)
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

    file_to_write(file, ".qdpx", CODEBOOK_SUFFIX)
    if file.suffix.lower() == CODEBOOK_SUFFIX:
        export_codebook(folder, file)
    else:
        print_problems(export_tables(folder, file))
    typer.echo(str(file))


@qdpx.command("codebook")
def qdpx_codebook(
    file: Annotated[Path, typer.Argument(help="The codebook to write (.qdc).")],
) -> None:
    """Write data/instruments/codebook.csv for a coding tool, so that its codes are known here."""
    from copanalysis.fieldwork.coded_texts import codes_of_codebook
    from copanalysis.fieldwork.refi.codebook import write_codebook
    from copanalysis.study.plan import load_study

    file_to_write(file, CODEBOOK_SUFFIX)
    write_codebook(codes_of_codebook(load_study()), file)
    typer.echo(str(file))
