"""Files and folders that a command is to write, judged before anything is done for them."""

from __future__ import annotations

import os
from pathlib import Path

from copanalysis.errors import CopanalysisError


def file_to_write(file: Path, *endings: str) -> Path:
    """The file, when it can be written and has one of the endings; else CopanalysisError."""
    said = f"{file} cannot be written:"
    if file.is_dir():
        raise CopanalysisError(f"{said} it is a folder. Name a file.")
    if not file.parent.is_dir():
        raise CopanalysisError(f"{said} there is no folder {file.parent}. Make it first.")
    if endings and file.suffix.lower() not in endings:
        raise CopanalysisError(f"{said} name a file that ends in {' or '.join(endings)}.")
    if not os.access(file.parent, os.W_OK):
        raise CopanalysisError(f"{said} nothing may be written in {file.parent}.")
    return file


def folder_to_write(folder: Path) -> Path:
    """The folder, when no file stands in its way; else CopanalysisError."""
    for place in (folder, *folder.parents):
        if place.is_file():
            raise CopanalysisError(f"{folder} cannot be made: {place} is a file. Name a folder.")
    return folder
