"""The JSON interface: one module a subject, each declares its routes on the one blueprint."""

from web.api import (
    assignments,
    buildings,
    coverage,
    districts,
    drawn,
    edits,
    exports,
    field,
    imports,
    members,
    openapi,
    search,
    stations,
    uploads,
)
from web.api.declared import bp

__all__ = [
    "assignments",
    "bp",
    "buildings",
    "coverage",
    "districts",
    "drawn",
    "edits",
    "exports",
    "field",
    "imports",
    "members",
    "openapi",
    "search",
    "stations",
    "uploads",
]
