"""The rows of a preview as people read them: what each would add or change, by field. Pure."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import LocalPlane
from gis.districts import District
from gis.exchange.preview import CHANGED, NEW, REFUSED, Preview

NAMED = ("code", "name", "line", "yige_id")


def rows(ready: Preview, home: District) -> Iterator[dict[str, Any]]:
    """Yield each row in the order of the file.

    ``fields`` are triples of name, value before and after: of a new row what its file says, of a
    changed one what differs. Of a shape that differs ``after`` is how far its middle moved [m] and
    ``was`` its old shape; ``key`` and ``values`` say why a row is refused.
    """
    told = dict(zip(sorted(ready.reasons), ready.refused(), strict=True))
    columns = {name: ready.frame[name].tolist() for name in ready.frame}
    before = {name: ready.before[name].tolist() for name in ready.before if name in columns}
    moved = _moved(ready, home)
    said = [n for n in ready.kind.names if n not in NAMED and n in {*ready.match.fields,
                                                                   *ready.order.given}]  # fmt: skip
    for row, state in enumerate(ready.state.tolist()):
        names = said if state == NEW else ready.changes[row] if state == CHANGED else ()
        at = int(ready.target[row])
        yield {
            "line": int(columns["line"][row]), "state": state,
            "code": _plain(columns.get("code", [None] * (row + 1))[row]),
            "name": _plain(columns["name"][row]),
            "fields": [_field(name, row, at, columns, before, moved) for name in names
                       if state == CHANGED or columns[name][row] is not None],
            **(_refusal(told[row]) if state == REFUSED else {}),
            **(_was(ready, at) if row in moved else {}),
        }  # fmt: skip


def _field(
    name: str, row: int, at: int, columns: dict[str, list[Any]], before: dict[str, list[Any]],
    moved: dict[int, float],
) -> list[Any]:  # fmt: skip
    if name == "geometry":
        return [name, None, moved[row]]
    was = before[name][at] if at >= 0 and name in before else None
    return [name, _plain(was), _plain(columns[name][row])]


def _refusal(one: dict[str, Any]) -> dict[str, Any]:
    return {"key": one["key"], "values": one["values"]}


def _was(ready: Preview, at: int) -> dict[str, Any]:
    shape = ready.before["geometry"].iat[at]
    return {"was": None if shape is None else shapely.to_geojson(shape)}


def _moved(ready: Preview, home: District) -> dict[int, float]:
    """Return how far the middle of each changed shape moved [m], by row."""
    at = [k for k, names in enumerate(ready.changes)
          if "geometry" in names and ready.state[k] == CHANGED]  # fmt: skip
    if not at or ready.shape is None:
        return {}
    was = ready.before["geometry"].to_numpy(dtype=object)[ready.target[at]]
    metres = shapely.distance(_middle(was, home), _middle(ready.shape[at], home))
    return dict(zip(at, np.round(np.nan_to_num(metres), 1).tolist(), strict=True))


def _middle(shape: NDArray[np.object_], home: District) -> NDArray[np.object_]:
    plane = LocalPlane(home.longitude, home.latitude)
    return np.asarray(plane.project(np.asarray(shapely.centroid(shape), dtype=object)))


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; of places how many there are."""
    if isinstance(value, shapely.Geometry):
        return shapely.get_num_geometries(value)
    if isinstance(value, np.generic):
        return value.item()
    return list(value) if isinstance(value, tuple) else value
