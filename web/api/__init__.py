"""The JSON interface: one module a subject, each declares its routes on the one blueprint."""

from web.api import buildings, coverage, districts, openapi, search, stations
from web.api.declared import bp

__all__ = ["bp", "buildings", "coverage", "districts", "openapi", "search", "stations"]
