"""The JSON interface: one module a subject, each declares its routes on the one blueprint."""

from web.api import buildings, coverage, districts, stations
from web.api.declared import bp

__all__ = ["bp", "buildings", "coverage", "districts", "stations"]
