"""When and where it was dark, from series of connectivity. Ranges, never a minute; no claim on routing data alone."""

from gavah.blackout.darkness import Darkness, darkness
from gavah.blackout.find import find_outages
from gavah.blackout.rule import Rule

__all__ = ["Darkness", "Rule", "darkness", "find_outages"]
