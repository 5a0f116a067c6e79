"""The guard of the datum: does the file lie on the roads and things that are known."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from gis.districts import District
from sql.database import Conn


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the file fits under each datum."""

    best: str
    share: dict[str, float]


def check(conn: Conn, home: District, rows: Any, before: pd.DataFrame, datum: str) -> Fit | None:
    """Return the fit (to come)."""
    return None
