"""What a site is filled with, before names, codes and exact counts."""

from dataclasses import dataclass, field

from shapely import LineString, MultiLineString, Point, Polygon


@dataclass(frozen=True, slots=True)
class Site:
    """A block or a court of it: the land to the middle of its roads, and what can be built on.

    ``fronts`` are the centrelines of the roads around it, ``shops`` the strip kept for shops
    along the second roads ``street``.
    """

    block: Polygon
    parcel: Polygon
    fronts: MultiLineString
    zone: str
    use: str
    shops: Polygon = field(default_factory=Polygon)
    street: MultiLineString = field(default_factory=MultiLineString)

    @property
    def place(self) -> tuple[float, float]:
        """Where it is [m]: the key of its random draws."""
        return (self.parcel.centroid.x, self.parcel.centroid.y)


@dataclass(frozen=True, slots=True)
class Building:
    """A building; ``natural`` is how many households it would hold by its size alone."""

    shape: Polygon
    kind: str
    floors: int
    era: str = ""
    natural: float = 0.0
    doors: tuple[tuple[float, float], ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A way within a block."""

    line: LineString
    highway: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that parts units: of kind 'path', 'lane', 'wall' or 'side'."""

    line: LineString
    kind: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate: the point on the wall, and the link from inside through it to the road."""

    point: Point
    link: LineString
    hours: str
    passage: str = "both"


@dataclass(frozen=True, slots=True)
class Wall:
    """A closed wall or fence."""

    ring: LineString
    kind: str = "wall"


@dataclass(frozen=True, slots=True)
class Parts:
    """All that fills one site; ``walled`` is its outline if it is a compound."""

    site: Site
    buildings: tuple[Building, ...] = ()
    paths: tuple[Path, ...] = ()
    cuts: tuple[Cut, ...] = ()
    gates: tuple[Gate, ...] = ()
    walls: tuple[Wall, ...] = ()
    land: tuple[tuple[Polygon, str], ...] = ()
    water: tuple[Polygon, ...] = ()
    walled: Polygon | None = None

    @property
    def natural(self) -> float:
        """How many households it would hold by size alone."""
        return sum(building.natural for building in self.buildings)
