"""The application that the commands belong to, and what they share."""

from __future__ import annotations

from typing import Annotated

import typer

from copanalysis.errors import Problem

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
RawOption = Annotated[
    str, typer.Option("--raw", help="Folder under data/raw to read (default: study.toml).")
]


def print_problems(problems: tuple[Problem, ...]) -> None:
    """Print problems that did not stop a command, each with its level."""
    for problem in problems:
        typer.echo(f"  {problem.level}: {problem}")
