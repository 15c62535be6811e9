"""The open data of an edition. Invariant: files are made of the public edition alone, and equal editions give equal bytes."""

from gavah.publish.opendata.build import FOLDER, open_data, tables_of
from gavah.publish.opendata.figures import edition_figures
from gavah.publish.opendata.population import Population

__all__ = ["FOLDER", "Population", "edition_figures", "open_data", "tables_of"]
