"""Readers of survey exports: one function for every format (see `reading`)."""

from copanalysis.survey.formats.joined import joined_options, split_joined
from copanalysis.survey.formats.reading import read_export, read_structure, structure_of
from copanalysis.survey.formats.structure import Structure

__all__ = [
    "Structure",
    "joined_options",
    "read_export",
    "read_structure",
    "split_joined",
    "structure_of",
]
