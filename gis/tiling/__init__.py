"""Exact tilings: unions by cancelling shared edges, and the rule that children tile their parent.

Nothing here computes a new point, moves one or needs a tolerance: coordinates are only compared.
They may be of any CRS, as long as equal places are equal numbers (the lattice of ``gis.crs``).
Areas that touch along a line must share all vertices on it.
"""

from .rule import Fault, faults
from .union import dissolve

__all__ = ["Fault", "dissolve", "faults"]
