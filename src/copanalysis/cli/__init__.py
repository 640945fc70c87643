"""The command line: thin commands over the library, one clear message when something is wrong."""

from __future__ import annotations

import sys

import typer

from copanalysis.cli import making, reading, sharing
from copanalysis.cli.application import app
from copanalysis.errors import CopanalysisError

__all__ = ["app", "main", "making", "reading", "sharing"]


def main() -> None:
    """Run the command; a refusal is one message on stderr and exit code 2."""
    try:
        if sys.argv[1:] == ["report"]:
            # Nothing to parse: typer would load a validator that takes longer than looking
            # whether anything changed.
            making.report()
        else:
            app()
    except CopanalysisError as error:
        typer.echo(f"copanalysis: {error}", err=True)
        sys.exit(2)
