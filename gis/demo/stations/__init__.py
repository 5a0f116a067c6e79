"""The stations of a sample district: exact counts, placed as history does. Pure."""

from collections import Counter

import numpy as np
import pandas as pd
import shapely

from gis.demo.draws import stream
from gis.demo.ground import Bool, Costs, Ground, points
from gis.demo.spots import project
from gis.demo.stations import offers
from gis.demo.stations.counts import COUNTS, SERVICES, Counts
from gis.demo.stations.placing import place

__all__ = ["COUNTS", "SERVICES", "Counts", "numbered", "stations"]

NUMERALS = "零一二三四五六七八九十"


def stations(
    town: Ground,
    costs: Costs,
    old: Bool,
    counts: Counts,
    seed: int,
    scale: float = 1.0,
    free: Bool | None = None,
    wanted: Bool | None = None,
) -> pd.DataFrame:
    """Return the stations of a town: the columns of the table, geometry (degrees) and ``spot``.

    One centre a subdistrict, one station a community, and posts and shared rooms up to the total;
    then some that are only planned. ``spot`` is the row of the ground's spots.

    Parameters
    ----------
    costs
        From the buildings to all spots, at least to 15 minutes.
    old
        (n_building,) what stands in the core and the ring of the 1980s and 90s.
    free, wanted
        Where stations may stand, and who must be served: as of `place`.

    Raises
    ------
    Infeasible
        An area has no road for its station to stand at.
    """
    area = town.content.area
    levels = {"centre": "subdistrict", "community": "community"}
    codes = {k: sorted(area["code"][area["level"] == level]) for k, level in levels.items()}
    posts = round(counts.total * scale) - sum(map(len, codes.values()))
    found = place(town, costs, old, codes, posts, free, wanted)
    rows = [
        (spot, kind, code)
        for kind in codes
        for spot, code in zip(found[kind], codes[kind], strict=True)
    ]
    rows += [(s, _post_kind(town, s, counts, i), "") for i, s in enumerate(found["post"])]
    frame = pd.DataFrame(rows, columns=["spot", "kind", "area"])
    spot, kind = frame["spot"].tolist(), frame["kind"].tolist()
    frame["services"] = offers.offers(town, costs, spot, kind, seed)
    frame["hours"] = offers.opening(town, costs, spot, kind, seed)
    frame["capacity"] = offers.capacities(town, costs, spot)
    frame["state"] = "open"
    frame = pd.concat(
        [frame, _planned(town, frame, round(counts.planned * scale), seed)], ignore_index=True
    )
    frame["floor_area"] = offers.floors(
        town, frame["spot"].tolist(), frame["kind"].tolist(), counts, seed
    )
    return named(town, frame, counts)


def _post_kind(town: Ground, spot: int, counts: Counts, i: int) -> str:
    return "shared" if i % 3 < counts.shared else "post"


def _planned(town: Ground, frame: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Return posts that are planned only: at drawn spots, away from the others."""
    key = [float(stream(seed, "planned", *xy).random()) for xy in town.spots.xy]
    standing = shapely.multipoints(town.spots.xy[frame["spot"]])
    free = shapely.distance(shapely.points(town.spots.xy), standing) > 250
    spot = [int(s) for s in np.argsort(key) if free[s]][:n]
    rows = {"kind": "post", "area": "", "hours": offers.POST[0], "capacity": offers.LEAST_CAPACITY}
    planned = pd.DataFrame({"spot": spot}).assign(**rows, state="planned")
    planned["services"] = [list(SERVICES)[:4] for _ in spot]
    return planned


def named(town: Ground, frame: pd.DataFrame, counts: Counts) -> pd.DataFrame:
    """Give stations their codes, names and geometry."""
    area = town.content.area.set_index("code")
    district = area.index[area["level"] == "district"][0]
    home = _communities(town, frame["spot"].to_numpy())
    names = [_name(town, area["name"], row, community, counts) for row, community in
             zip(frame.itertuples(), home, strict=True)]  # fmt: skip
    frame = frame.assign(name=numbered(names))
    frame["code"] = [f"{district}S{i:03d}" for i in range(1, len(frame) + 1)]
    frame["geometry"] = points(town.spots.xy[frame["spot"]], town.plane)
    columns = ["code", "name", "kind", "services", "hours", "capacity", "floor_area", "state"]
    return frame[[*columns, "geometry", "spot"]]


def _name(town: Ground, area: pd.Series, row: object, community: str, counts: Counts) -> str:
    spot, kind, code = (getattr(row, key) for key in ("spot", "kind", "area"))
    if kind == "centre":
        return f"{area[code]}党群服务中心"
    if kind == "community":
        return f"{area[code]}党群服务站"
    place = town.spots.road[spot] if counts.post == "驿站" else ""
    place = place or area.get(community, "")
    return f"{place}共享{counts.post}" if kind == "shared" else f"{place}{counts.post}"


def _communities(town: Ground, spot: np.ndarray) -> list[str]:
    """Return the code of the community that holds each spot, or nothing."""
    area = town.content.area
    area = area[area["level"] == "community"]
    tree = shapely.STRtree(project(area.geometry.to_numpy(), town.plane))
    at, of = tree.query(shapely.points(town.spots.xy[spot]), predicate="intersects")
    home = dict(zip(at[::-1].tolist(), area["code"].to_numpy()[of[::-1]], strict=True))
    return [home.get(i, "") for i in range(len(spot))]


def numbered(names: list[str]) -> list[str]:
    """Make names distinct: the second 人民路驿站 becomes 人民路驿站(二)."""
    times: Counter[str] = Counter()
    found = []
    for name in names:
        times[name] += 1
        found.append(name if times[name] == 1 else f"{name}({_numeral(times[name])})")
    return found


def _numeral(n: int) -> str:
    """Write a number below 100 in Chinese."""
    tens, ones = divmod(n, 10)
    if tens == 0:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")
