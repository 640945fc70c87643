"""The command line: thin commands over the library, one clear message when something is wrong."""

from __future__ import annotations

import sys

import typer

from copanalysis.cli import making, reading, exchange  # noqa: I001 (help lists them so)
from copanalysis.cli.application import app
from copanalysis.errors import CopanalysisError

__all__ = ["app", "exchange", "main", "making", "reading"]


def main() -> None:
    """Run the command; a refusal is one message on stderr and exit code 2."""
    try:
        app()
    except CopanalysisError as error:
        typer.echo(f"copanalysis: {error}", err=True)
        sys.exit(2)
