"""Every planted gap of a district, counted again by an engine written apart.

Each cure is applied to the tables of the content, and all is measured anew: metres as floats,
Dijkstra by scipy. Of `gis` only the projection and the reading of opening hours are used. Costs
may differ from those in whole centimetres by their rounding, hence ``ROUNDING``.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gis import hours
from gis.content import Content
from gis.crs import LocalPlane
from gis.demo.assemble import sample

LIMIT, ROUNDING, SNAP, TOUCH = 1000.0, 1.0, 100.0, 0.01
DAY = 2 * 1440 + 600
KINDS = ["detour", "full", "gate", "hours", "service", "too_far", "unconnected"]

Made = tuple[Content, pd.DataFrame, LocalPlane]
Rows = list[dict]


@pytest.fixture(scope="module")
def made() -> Made:
    return sample("longyao", 1, 1, lambda step: None)


def kinds(record: pd.DataFrame) -> list[str]:
    detour = record["kind"].str.startswith("detour_")
    return sorted({*record["kind"].where(~detour, "detour")})


def test_all_seven_kinds_are_there(made: Made) -> None:
    assert kinds(made[1]) == KINDS


def test_every_gap_is_there_and_gone_with_its_own_cure(made: Made) -> None:
    content, record, plane = made
    for gap in record.to_dict("records"):
        rows = content.building["code"].isin(gap["buildings"].split()).to_numpy()
        now, own = (served(applied(content, cures), gap, plane)[rows] for cures in ([], [gap]))
        assert rows.sum() == len(gap["buildings"].split())
        assert (now > -ROUNDING).all(), gap
        assert (own <= ROUNDING).all(), gap


def test_no_other_cure_ends_a_gap(made: Made) -> None:
    content, record, plane = made
    gaps = record.to_dict("records")
    of = {gap["number"]: content.building["code"].isin(gap["buildings"].split()) for gap in gaps}
    somebody = pd.concat(of, axis=1).any(axis=1).to_numpy()
    for cure in gaps:
        after = applied(content, [cure])
        station = after.station[after.station["state"] == "open"]
        cost = Walk(after, plane).costs(somebody, station)
        for gap in gaps:
            counts = counting(station, gap) & ~station["code"].isin(flawed(gap)).to_numpy()
            best = cost[of[gap["number"]].to_numpy()][:, counts].min(axis=1)
            assert gap is cure or (best > LIMIT - ROUNDING).any(), (gap, cure)


def applied(content: Content, cures: Rows) -> Content:
    """Apply cures to the tables."""
    way, gate, station = content.way, content.gate.copy(), content.station.copy()
    for cure in cures:
        on = cure["on"].split()
        if cure["cure"] in ("crossing", "map"):
            lines = shapely.get_parts(shapely.from_wkt(cure["at"]))
            new = {"code": [f"new {cure['number']} {k}" for k in range(len(lines))], "foot": "both"}
            way = pd.concat([way, pd.DataFrame(new | {"geometry": lines})], ignore_index=True)
        elif cure["cure"] == "gate":
            gate.loc[gate["code"].isin(on), "hours"] = "24/7"
        elif cure["cure"] == "station":
            points = shapely.get_parts(shapely.from_wkt(cure["at"]))
            rows = [{"code": f"new {cure['number']} {k}", "hours": "24/7", "state": "open",
                     "capacity": 10**6, "services": [f"s{n}" for n in range(1, 8)], "geometry": at}
                    for k, at in enumerate(points)]  # fmt: skip
            station = pd.concat([station, pd.DataFrame(rows)], ignore_index=True)
        else:
            better(station, station["code"].isin(on), cure)
    return dataclasses.replace(content, way=way, gate=gate, station=station)


def better(station: pd.DataFrame, rows: "pd.Series[bool]", cure: dict) -> None:
    if cure["cure"] == "hours":
        station.loc[rows, "hours"] = "24/7"
    elif cure["cure"] == "capacity":
        station.loc[rows, "capacity"] = cure["capacity"]
    else:
        for row in station.index[rows]:
            station.at[row, "services"] = [*station.at[row, "services"], cure["service"]]


def served(content: Content, gap: dict, plane: LocalPlane) -> NDArray[np.float64]:
    """By how many metres each building is beyond the limit, under the condition of a gap."""
    station = content.station[content.station["state"] == "open"]
    station = station[counting(station, gap)]
    rows = content.building["code"].isin(gap["buildings"].split()).to_numpy()
    cost = Walk(content, plane).costs(rows | (gap["kind"] == "full"), station)
    if gap["kind"] == "full":
        nearest = np.where(cost.min(axis=1) <= LIMIT, cost.argmin(axis=1), -1)
        load = [content.building["households"][nearest == k].sum() for k in range(len(station))]
        cost = cost[:, np.array(load) <= station["capacity"].to_numpy()]
    return cost.min(axis=1, initial=np.inf) - LIMIT


def flawed(gap: dict) -> list[str]:
    """Return the stations that are too small."""
    return gap["cause"].split() if gap["kind"] == "full" else []


def counting(station: pd.DataFrame, gap: dict) -> NDArray[np.bool_]:
    """Tell which stations count under the condition of a gap."""
    if gap["kind"] == "hours":
        return np.array([is_open(text, int(gap["minute"])) for text in station["hours"]])
    if gap["kind"] == "service":
        return np.array([gap["service"] in one for one in station["services"]])
    return np.ones(len(station), dtype=bool)


def is_open(text: str, minute: int) -> bool:
    return hours.is_open(hours.parse(text), minute)


class Walk:
    """The ways of a content as edges between ends, shared vertices and gates, in metres."""

    def __init__(self, content: Content, plane: LocalPlane) -> None:
        self.content, self.plane = content, plane
        self.inside = dict(zip(content.compound["code"], content.compound.geometry, strict=True))
        self.gate = {key(g.geometry.coords[0]): g for g in content.gate.itertuples()}
        self.node: dict[tuple[int, int], int] = {}
        pieces = list(self.pieces())
        self.end = np.array([[self.number(p[0]), self.number(p[-1])] for p, _ in pieces])
        self.line = plane.project(np.array([shapely.LineString(p) for p, _ in pieces]))
        self.length = shapely.length(self.line)
        self.open = np.array([self.directions(p, foot) for p, foot in pieces])
        walls = [content.barrier.geometry.to_numpy(), content.water.geometry.to_numpy()]
        self.wall = shapely.STRtree(plane.project(np.concatenate(walls)))

    def number(self, point: tuple[float, ...]) -> int:
        return self.node.setdefault(key(point), len(self.node))

    def pieces(self) -> Iterator[tuple[list[tuple[float, ...]], str]]:
        ways = [list(line.coords) for line in self.content.way.geometry]
        times = Counter(key(point) for way in ways for point in way)
        for way, foot in zip(ways, self.content.way["foot"], strict=True):
            start = 0
            for k in range(1, len(way)):
                here = key(way[k])
                if k == len(way) - 1 or times[here] > 1 or here in self.gate:
                    yield way[start : k + 1], foot
                    start = k

    def directions(self, piece: list[tuple[float, ...]], foot: str) -> tuple[bool, bool]:
        """Whether one may walk from the first to the last point, and back."""
        middle = shapely.LineString(piece).interpolate(0.5, normalized=True)
        first, last = (self.may_enter(key(piece[k]), middle) for k in (0, -1))
        return last and foot != "backward", first and foot != "forward"

    def may_enter(self, place: tuple[int, int], middle: shapely.Point) -> bool:
        gate = self.gate.get(place)
        if gate is None:
            return True
        home = self.inside.get(gate.compound)
        one_way = home is not None and gate.passage != "both"
        if one_way and home.contains(middle) != (gate.passage == "out"):
            return False
        return is_open(gate.hours, DAY)

    def access(self, shapes: list) -> list[list[tuple[int, float, float]]]:
        """For each shape the edges in sight: number, metres along it, metres to walk to it."""
        tree = shapely.STRtree(self.line)
        found: list[list[tuple[int, float, float]]] = [[] for _ in shapes]
        for i, shape in enumerate(shapes):
            for door in shapely.get_parts(shape):
                edge = tree.query(door, predicate="dwithin", distance=SNAP)
                link = shapely.shortest_line(door, self.line[edge])
                at = shapely.points(shapely.get_coordinates(link).reshape(-1, 2, 2)[:, 1])
                hidden = self.wall.query(link, predicate="dwithin", distance=TOUCH)[0]
                along = shapely.line_locate_point(self.line[edge], at)
                found[i] += [
                    (int(edge[k]), float(along[k]), float(shapely.length(link[k])))
                    for k in range(len(edge))
                    if k not in hidden
                ]
        return found

    def costs(self, rows: NDArray[np.bool_], station: pd.DataFrame) -> NDArray[np.float64]:
        """(n_building, n_station) metres to walk, inf beyond the limit and for other rows."""
        places = self.access(list(self.plane.project(station.geometry.to_numpy())))
        to = self.to(places)
        building = self.content.building
        cost = np.full((len(building), len(station)), np.inf)
        doors = self.plane.project(building["doors"].to_numpy()[rows])
        for i, starts in zip(np.flatnonzero(rows), self.access(list(doors)), strict=True):
            for e, x, link in starts:
                (a, b), (forth, back) = self.end[e], self.open[e]
                if forth:
                    cost[i] = np.minimum(cost[i], link + self.length[e] - x + to[:, b])
                if back:
                    cost[i] = np.minimum(cost[i], link + x + to[:, a])
                for k, place in enumerate(places):
                    for f, y, other in place:
                        if f == e and (forth if y >= x else back):
                            cost[i, k] = min(cost[i, k], link + abs(y - x) + other)
        return cost

    def edges(self) -> tuple[list, list, list]:
        return self.end.tolist(), self.open.tolist(), self.length.tolist()

    def to(self, places: list[list[tuple[int, float, float]]]) -> NDArray[np.float64]:
        """(n_place, n_node) metres from the nodes to the places."""
        arcs = []  # against the direction of walking
        for (a, b), (forth, back), length in zip(*self.edges(), strict=True):
            arcs += [(b, a, length)] * forth + [(a, b, length)] * back
        n = len(self.node)
        for k, place in enumerate(places):
            for e, x, link in place:
                (a, b), (forth, back) = self.end[e].tolist(), self.open[e].tolist()
                arcs += [(n + k, a, x + link)] * forth
                arcs += [(n + k, b, self.length[e] - x + link)] * back
        frame = pd.DataFrame(arcs, columns=["a", "b", "cost"]).groupby(["a", "b"]).min()
        ends = frame.index.to_frame().to_numpy().T
        size = (n + len(places),) * 2
        net = coo_array((frame["cost"].to_numpy() + 1e-9, ends), shape=size).tocsr()
        found = dijkstra(net, indices=range(n, size[0]), limit=LIMIT + 100)
        return np.asarray(found[:, :n])


def key(point: tuple[float, ...]) -> tuple[int, int]:
    return round(point[0] * 10**9), round(point[1] * 10**9)
