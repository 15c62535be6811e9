"""Series of connectivity, one file per format, told apart by content. Invariant: whatever the bytes, the answer is series with
all faults, or a GavahError; a reading that cannot be understood is told and left out, never guessed.
"""

from gavah.intake.connectivity.found import SeriesFile, Told
from gavah.intake.connectivity.read import read_series

__all__ = ["SeriesFile", "Told", "read_series"]
