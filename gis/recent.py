"""What the last mending of a district touched, so that figures are renewed for that alone.

Kept in the process that mended; another one reads all of it, and finds the same.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gis import served
from gis.kept import Kept
from gis.served import Buildings, Longs, Town
from sql.database import Conn

MOST = 20_000  # buildings beyond which reading all is as fast


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """From one version to the next: which buildings count otherwise, in which variants at most."""

    edge: int
    place: int
    buildings: NDArray[np.int64]
    variants: tuple[int, ...]


_STEPS: Kept[Step] = Kept(64)


def note(conn: Conn, code: str, edge: int, place: int, step: Step) -> None:
    """Keep what led to a version."""
    _STEPS.of((conn.info.dbname, code, edge, place), lambda: step)


def step(conn: Conn, code: str, edge: int, place: int) -> Step | None:
    """Return what led to a version, if this process knows and it was little."""
    found = _STEPS.peek((conn.info.dbname, code, edge, place))
    return found if found is not None and len(found.buildings) <= MOST else None


def town(conn: Conn, code: str, was: Town, ids: Longs) -> Town:
    """Return a town with some buildings read anew."""
    row_of = {area.id: k for k, area in enumerate(was.areas)}
    fresh = served.buildings(conn, code, row_of, ids)
    old = was.buildings
    stays = ~np.isin(old.id, ids)
    order = np.argsort(np.concatenate([old.id[stays], fresh.id]), kind="stable")
    columns = {
        name: np.concatenate([getattr(old, name)[stays], getattr(fresh, name)])[order]
        for name in Buildings.__dataclass_fields__
    }
    return replace(was, buildings=Buildings(**columns))


def costs(
    conn: Conn,
    code: str,
    variant: int,
    stations: tuple[int, ...],
    was: tuple[Longs, Longs],
    ids: Longs,
) -> tuple[Longs, Longs]:
    """Return the costs of `served.costs` with those of some buildings read anew."""
    fresh = served.costs(conn, code, variant, stations, ids)
    stays = ~np.isin(was[0], ids)
    joined = [np.concatenate([a[stays], b]) for a, b in zip(was, fresh, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    return joined[0][order], joined[1][order]
