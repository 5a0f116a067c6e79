"""The three sample districts as data: how many of what, and where the town lies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spec:
    """One district. Lengths in metres, areas in square kilometres, in gaps of the main mesh.

    ``river_gap`` and ``rail_gap`` count main roads from the centre: 0 is the gap north (east)
    of the axis, -1 the one south (west) of it. ``shares`` are households by kind of fabric,
    ``zones`` the gridded land by zone, ``sun`` the gap between two rows of slabs over their height.
    """

    code: str
    name: str
    lon: float
    lat: float
    households: int
    branches: int
    plain: int  # compounds without a party branch
    land: float
    canvas: float
    turn: float  # of the streets against north, degrees, counter-clockwise
    spacing: tuple[float, float]
    river: str
    river_gap: int
    river_width: float
    rail: str
    rail_gap: int
    shares: dict[str, float]
    zones: dict[str, float]
    sun: dict[str, float]
    persons: float = 2.65
    gaps: int = 2  # groups of buildings kept out of reach of every station, at most
    spread: float = 200.0  # between two gaps that are to grow, metres
    walled: int = 8  # compounds whose gates are not on the map
    beside: int = 10  # compounds that are served through one gate alone, at most
    shut: int = 12  # compounds that lose gates, at most
    flaws: int = 30  # gaps where the few stations in reach have a flaw, at most
    served: tuple[float, float] = (0.92, 0.96)  # share of the households, from and to

    @property
    def compounds(self) -> int:
        """How many compounds there are in all."""
        return self.branches + self.plain

    @property
    def people(self) -> int:
        """How many people there are in all."""
        return round(self.households * self.persons)


SHARES = {"old": 0.08, "90s": 0.24, "00s": 0.34, "10s": 0.26, "village": 0.08}
ZONES = {
    "core": 0.09,
    "ring90": 0.16,
    "new00": 0.25,
    "new10": 0.18,
    "belt": 0.14,
    "village": 0.15,
}

SPECS = {
    "mudan": Spec(
        code="371702",
        name="牡丹区",
        lon=115.45,
        lat=35.25,
        households=42_400,
        branches=98,
        plain=32,
        land=11.0,
        canvas=30.0,
        turn=-5.0,
        spacing=(1030.0, 960.0),
        river="赵王河",
        river_gap=-1,
        river_width=92.0,
        rail="京九铁路",
        rail_gap=1,
        shares=SHARES,
        zones=ZONES,
        sun={"90s": 1.15, "00s": 1.35, "10s": 1.35},
    ),
    "taonan": Spec(
        code="220881",
        name="洮南市",
        lon=122.80,
        lat=45.33,
        households=81_600,
        branches=140,
        plain=34,
        land=22.0,
        canvas=50.0,
        turn=8.0,
        spacing=(1040.0, 980.0),
        river="洮儿河",
        river_gap=-3,
        river_width=118.0,
        rail="平齐铁路",
        rail_gap=1,
        shares={"old": 0.06, "90s": 0.24, "00s": 0.34, "10s": 0.29, "village": 0.07},
        gaps=11,
        spread=400.0,
        walled=6,
        beside=0,
        flaws=18,
        served=(0.88, 0.95),
        zones=ZONES,
        sun={"90s": 1.2, "00s": 1.6, "10s": 1.6},
    ),
    "longyao": Spec(
        code="130525",
        name="隆尧县",
        lon=114.77,
        lat=37.35,
        households=24_000,
        branches=102,
        plain=32,
        land=6.5,
        canvas=20.0,
        turn=-3.5,
        spacing=(960.0, 900.0),
        river="泜河",
        river_gap=-2,
        river_width=72.0,
        rail="邯黄铁路",
        rail_gap=1,
        shares={"old": 0.06, "90s": 0.25, "00s": 0.35, "10s": 0.26, "village": 0.08},
        gaps=2,
        walled=4,
        beside=5,
        shut=5,
        flaws=14,
        zones=ZONES,
        sun={"90s": 1.2, "00s": 1.4, "10s": 1.35},
    ),
}
