"""Imported by the process from which notebooks are forked when the one that asks for them cannot
be: the libraries, and everything of this one that a notebook may use."""

import copanalysis
from copanalysis.report.engine.warm import warm_up

warm_up([], names=copanalysis.__all__)
