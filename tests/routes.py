"""Every route of the application, asked for with what lies in each place: one case an endpoint."""

from collections.abc import Callable, Iterator
from itertools import product
from math import asinh, pi, radians, tan
from typing import Any

from tests import town
from tests.hidden import BASE, CODE, EAST, OTHER, PLACES, WEST, WORD, World

Asked = tuple[dict[str, Any], dict[str, Any]]  # arguments of the path, of the query
Case = Callable[[World], Iterator[Asked]]
Body = Callable[[World], Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]]

DISTRICTS = (CODE, OTHER)
NOTHING = BASE - 1  # an id that nothing has
LAYERS = ("land", "water", "way", "barrier", "compound", "building", "door", "gate", "area",
          "station")  # fmt: skip
LAYERS_OUT = ("areas", "buildings", "stations", "members", "ways", "compounds", "gates", "barriers",
              "water", "land", "services", "organisations", "assignments")  # fmt: skip
BOX = "115.4,35.2,115.5,35.3"


def once(**query: Any) -> Case:
    """A route that names no district."""
    return lambda world: iter([({}, query)])


def each(*queries: dict[str, Any]) -> Case:
    """A route of a district, asked for both."""

    def cases(world: World) -> Iterator[Asked]:
        for district, query in product(DISTRICTS, queries or ({},)):
            yield {"district": district}, query

    return cases


def ids(of: str, name: str = "id", query: dict[str, Any] | None = None) -> Case:
    """A route of one thing: of each place, under each district, and of none."""

    def cases(world: World) -> Iterator[Asked]:
        for (kind, place), found in world.ids.items():
            if kind == of:
                yield {"district": place[:6], name: found[0]}, query or {}
        yield {"district": CODE, name: world.ids[of, OTHER][0]}, query or {}
        yield {"district": CODE, name: NOTHING}, query or {}

    return cases


def layered(*queries: dict[str, Any]) -> Case:
    def cases(world: World) -> Iterator[Asked]:
        for district, name, query in product(DISTRICTS, LAYERS, queries or ({},)):
            yield {"district": district, "name": name}, query

    return cases


def features(world: World) -> Iterator[Asked]:
    for place in PLACES:
        for of in ("building", "compound"):
            args = {"district": place[:6], "name": of, "number": world.first(of, place)}
            yield args, {}


def tiles(world: World) -> Iterator[Asked]:
    """The tiles round the town, of the sets and of what is guarded."""
    lon, lat = radians(town.PLANE.lon), radians(town.PLANE.lat)
    for z in (14, 16):
        x, y = (1 + lon / pi) / 2 * 2**z, (1 - asinh(tan(lat)) / pi) / 2 * 2**z
        for district, name, dx, dy in product(DISTRICTS, ("ground", "town"), (0, 1), (-1, 0)):
            args = {"district": district, "name": name, "z": z}
            yield args | {"x": int(x) + dx, "y": int(y) + dy}, {}


def far_tiles(world: World) -> Iterator[Asked]:
    """Tiles far from every district: none is fetched from elsewhere (see test_basemap)."""
    for name in ("vec", "img"):
        yield {"name": name, "z": 16, "x": 1, "y": 1}, {}


def targets(*more: dict[str, Any]) -> Case:
    """What somebody serves: a grid or a building of each place."""

    def cases(world: World) -> Iterator[Asked]:
        for place, extra in product(PLACES, more or ({},)):
            args = {"district": place[:6]}
            grid = f"{place}001001" if len(place) == 9 else f"{place}001001001"
            yield args, {"grid": grid, **extra}
            yield args, {"building": world.first("building", place), **extra}

    return cases


def walks(world: World) -> Iterator[Asked]:
    """From the home of a member of each place to a building of each."""
    for home, place in product(PLACES, PLACES):
        member = world.ids["member", home][1]
        asked = {"building": world.first("building", place), "member": member}
        yield {"district": place[:6]}, asked


def exported(world: World) -> Iterator[Asked]:
    """Every layer in the two formats that can be read as text."""
    for district, layer, suffix in product(DISTRICTS, LAYERS_OUT, ("geojson", "csv")):
        yield {"district": district, "layer": layer, "suffix": suffix}, {}


def forms(world: World) -> Iterator[Asked]:
    for kind in ("areas", "members"):
        yield {"kind": kind, "suffix": "csv"}, {}


def waiting(**query: Any) -> Case:
    """An upload, which only the one who sent it knows: see test_api_imports."""

    def cases(world: World) -> Iterator[Asked]:
        for district in DISTRICTS:
            yield {"district": district, "upload": "a-token-of-nobody"}, query

    return cases


def drawn_things(world: World) -> Iterator[Asked]:
    """What can be mended of each place, by its id."""
    for (of, place), found in world.ids.items():
        if of in ("building", "compound", "station", "gate", "way", "barrier"):
            yield {"district": place[:6], "kind": f"{of}s", "id": found[0]}, {}
    yield {"district": CODE, "kind": "buildings", "id": NOTHING}, {}
    yield {"district": CODE, "kind": "members", "id": 1}, {}


BOXES = [
    {"west": west, "south": 35.2, "east": west + 0.05, "north": 35.26}
    for west in (115.38, 115.43, 115.48)
]
AREAS = [{"area": code} for code in (WEST, EAST, f"{OTHER}001")]
SEARCHED = [{"q": WORD}, {"q": f"{WORD}-{EAST}"}, {"q": "a"}]
ROLE = {"role": "grid_member"}

SEEN: dict[str, Case] = {
    "accounts.page": each(),
    "api.areas": each({}, {"geometry": 1}),
    "api.assignment_history": ids("assignment"),
    "api.assignments": targets(),
    "api.building": ids("building"),
    "api.contents": once(),
    "api.coverage": each({"by": "grid"}, *AREAS),
    "api.export": exported,
    "api.form": forms,
    "api.drawn_around": each(*BOXES),
    "api.drawn_one": drawn_things,
    "api.grids_without": each(ROLE),
    "api.history_of_target": targets(),
    "api.list_edits": each(),
    "api.list_imports": each(),
    "api.list_members": each({}, *AREAS, {"q": WORD}),
    "api.list_uploads": each(),
    "api.minutes": each(),
    "api.nearest": each({"lon": town.PLANE.lon, "lat": town.PLANE.lat}),
    "api.openapi": once(),
    "api.outline": waiting(kind="areas"),
    "api.preview_drawn": waiting(),
    "api.preview_refused": lambda world: (
        ({**args, "suffix": "csv"}, query) for args, query in waiting()(world)
    ),
    "api.preview_rows": waiting(),
    "api.refused_file": lambda world: (
        ({**args, "suffix": "csv"}, query) for args, query in ids("import")(world)
    ),
    "api.refused_rows": ids("import"),
    "api.search": each(*SEARCHED),
    "api.session": once(),
    "api.show_upload": waiting(),
    "api.station": ids("station"),
    "api.stations": each(),
    "api.suitable_people": targets(ROLE),
    "api.walk_of_member": walks,
    "api.way": ids("building", query={"station": "P"}),
    "assignment.page": each(),
    "audit.page": each(),
    "basemap.tile": far_tiles,
    "coverage.page": each({}, *AREAS),
    "features.collection": layered(),
    "features.collections": each(),
    "features.conformance": each(),
    "features.definition": each(),
    "features.item": features,
    "features.items": layered({"f": "json"}, {"f": "html", "bbox": BOX}),
    "features.landing": each(),
    "features.start": each(),
    "field.own": once(),
    "field.page": each(),
    "figures.figures": once(),
    "health.health": once(),
    "imports.page": each(),
    "session.account": once(),
    "session.login": once(),
    "settings.page": each(),
    "style.style": each(),
    "tiles.tile": tiles,
}
FILES = {"static", "versioned.file"}  # the same files for everybody


def _of(key: str, of: str, **said: Any) -> Body:
    """A change of one thing of each place, told as JSON."""

    def cases(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
        for place in PLACES:
            args = {"district": place[:6], key: world.first(of, place)}
            yield args, {"version": 1}, {"json": {"version": 1, **said}}

    return cases


def _account(**said: Any) -> Body:
    """A change of an account of each district, told as a form."""

    def cases(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
        for login, district in (("admin-east", CODE), ("neighbour", OTHER)):
            args = {"district": district, "account": world.account[login]}
            args["grant"] = world.grant[login]
            form = {"version": 1, "role": "admin", "area": district, **said}
            yield args, {}, {"data": form}

    return cases


def _new_account(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for district in DISTRICTS:
        form = {"login": "thief", "name": "thief", "role": "admin", "area": district}
        yield {"district": district}, {}, {"data": form}


def _basemap(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for district in DISTRICTS:
        yield {"district": district}, {}, {"data": {"key": "a-thiefs-key"}}


def _assign(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for place in PLACES:
        member = world.ids["member", place][1]
        said = {"building": world.first("building", place), "role": "building_head"}
        yield {"district": place[:6]}, {}, {"json": {**said, "member": member}}


def _here(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """In the west, in the east, and on the edge between."""
    for district, x, error in product(DISTRICTS, (300.0, 399.0, 600.0), (0, 500)):
        lon, lat = (float(one) for one in town.PLANE.inverse(x, 3.0))
        said = {"lon": lon, "lat": lat, "accuracy": error}
        yield {"district": district}, {}, {"json": said}


def _member(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for code in (f"{EAST}001", f"{OTHER}001001"):
        said = {"name": "thief", "roles": ["cadre"], "area": code}
        yield {"district": code[:6]}, {}, {"json": said}


def _upload(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    for district in DISTRICTS:
        yield {"district": district, "upload": "a-token-of-nobody"}, {}, {"data": b"code,name"}


# what is asked with a body, and changes nothing whoever asks
ASKED: dict[str, Body] = {"api.ask_field": _here}

# who has no right to any of it changes nothing by them
CHANGED: dict[str, Body] = {
    "accounts.add": _new_account,
    "accounts.end": _account(),
    "accounts.grant": _account(),
    "accounts.restore": _account(),
    "accounts.set_active": _account(active="0"),
    "accounts.set_password": _account(),
    "api.add_member": _member,
    "api.assign": _assign,
    "api.change_assignment": _of("id", "assignment", note="thief"),
    "api.change_member": _of("id", "member", name="thief"),
    "api.confirm_import": _upload,
    "api.drop_upload": _upload,
    "api.end_assignment": _of("id", "assignment"),
    "api.preview_upload": _upload,
    "api.send_import": _upload,
    "api.send_upload": _upload,
    "api.undo_assignment": _of("id", "assignment"),
    "api.undo_import": _of("id", "import"),
    "settings.own": _basemap,
    "settings.tianditu": _basemap,
}
EDITED = {
    "station": {"point": [115.45, 35.25], "name": "thief"}, "gate": {"point": [115.45, 35.25]},
    "compound": {"polygon": [[[115.45, 35.25], [115.451, 35.25], [115.451, 35.251]]]},
    "building": {"polygon": [[[115.45, 35.25], [115.451, 35.25], [115.451, 35.251]]]},
    "way": {"line": [[115.45, 35.25], [115.451, 35.25]]},
    "barrier": {"line": [[115.45, 35.25], [115.451, 35.25]]},
}  # fmt: skip


def _made(of: str) -> Body:
    """Something new on the map of each district."""

    def cases(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
        for district in DISTRICTS:
            yield {"district": district}, {}, {"json": EDITED[of]}

    return cases


def _edited(of: str, **said: Any) -> Body:
    """A change of one thing of each place or district."""

    def cases(world: World) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
        for (kind, place), found in world.ids.items():
            if kind == of and found:
                args = {"district": place[:6], "id": found[0]}
                yield args, {"version": 1}, {"json": {"version": 1, **said}}

    return cases


for _of_map in EDITED:
    _shape = {k: v for k, v in EDITED[_of_map].items() if k != "name"}
    CHANGED[f"api.make_{_of_map}"] = _made(_of_map)
    CHANGED[f"api.change_{_of_map}"] = _edited(_of_map, **_shape)
    CHANGED[f"api.end_{_of_map}"] = _edited(_of_map)
    CHANGED[f"api.undo_{_of_map}"] = _edited(_of_map)
OWN = {"session.enter", "session.logout", "session.password", "session.close",
       "tokens.make", "tokens.close"}  # see test_auth, test_token_access  # fmt: skip
