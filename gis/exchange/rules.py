"""What a whole row must hold to: where it may lie, how its code is made, what its counts can be."""

import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gis.crs import LocalPlane
from gis.districts import District
from gis.errors import BadInput
from gis.exchange.compare import Compared
from gis.exchange.kinds import Kind
from gis.exchange.known import Realm
from gis.exchange.shapes import Refused
from gis.walk.osm_tables import M2_PER_HOUSEHOLD, PEOPLE_PER_HOUSEHOLD
from gis.walk.osm_tags import RESIDENTIAL

DIGITS = {"district": 6, "subdistrict": 9, "community": 12, "grid": 15}
STORED = re.compile(r"[^\x00-\x1f]{1,200}")
NAME_LONG, SKILLS = 60, 20


def check(
    kind: Kind,
    row: Compared,
    refused: Refused,
    realm: Realm,
    ended: set[str],
    water: Any,
    outline: Any,
) -> None:
    """Refuse rows that the tables would refuse, each by itself and with its reason."""
    _refuse_ended(row, ended, refused)
    if kind.table == "station":
        _refuse_wet(_moved(row), water, refused)
    if kind.table in ("station", "building") and outline is not None:
        _refuse_outside(_moved(row), outline, refused)
    if kind.table == "area":
        _refuse_codes(row.frame, refused)
    if kind.table == "member":
        _refuse_persons(row.frame, refused)
    if not realm.all:
        _refuse_elsewhere(kind, row, realm, refused)


def _moved(row: Compared) -> Any:
    """Return the shapes that are new or elsewhere than before; what stays is not judged again."""
    assert row.shape is not None
    stays = [
        at >= 0 and "geometry" not in names
        for at, names in zip(row.target, row.changes, strict=True)
    ]
    moved = row.shape.copy()
    moved[stays] = None
    return moved


def estimate(frame: pd.DataFrame, shape: Any, home: District) -> None:
    """Fill in households and people nobody has counted, marked so: outline x floors of homes."""
    plane = LocalPlane(home.longitude, home.latitude)
    households, people = frame["households"].tolist(), frame["people"].tolist()
    guessed = frame["estimated"].tolist()
    lacking = [
        k for k, (h, p) in enumerate(zip(households, people, strict=True)) if h is None or p is None
    ]
    outline = shapely.area(plane.project(shape[lacking])) if lacking else []
    for k, m2 in zip(lacking, outline, strict=True):
        if households[k] is None:
            lived_in = frame["kind"].iat[k] in RESIDENTIAL
            floors = frame["floors"].iat[k] or 1
            households[k] = (
                max(1, round(m2 * floors / M2_PER_HOUSEHOLD)) if lived_in and m2 > 0 else 0
            )
            guessed[k] = True
        if people[k] is None:
            people[k] = round(PEOPLE_PER_HOUSEHOLD * households[k])
    frame["households"] = pd.Series(households, dtype=object)
    frame["people"] = pd.Series(people, dtype=object)
    frame["estimated"] = pd.Series([bool(g) for g in guessed], dtype=object)


def _refuse_ended(row: Compared, ended: set[str], refused: Refused) -> None:
    if "code" not in row.frame or not ended:
        return
    for k in np.flatnonzero(row.target < 0).tolist():
        if row.frame["code"].iat[k] in ended:
            refused.setdefault(k, BadInput("code_ended", code=row.frame["code"].iat[k]))


def _refuse_wet(shape: Any, water: Any, refused: Refused) -> None:
    tree = shapely.STRtree(water["geometry"].to_numpy(dtype=object))
    for k, at in zip(*tree.query(shape, predicate="intersects").tolist(), strict=True):
        name = water["name"].iat[at] or water["kind"].iat[at]
        point = shape[k].representative_point()
        refused.setdefault(
            k, BadInput("row_in_water", water=name, at=f"{point.x:.6f} {point.y:.6f}")
        )


def _refuse_outside(shape: Any, outline: Any, refused: Refused) -> None:
    point = shapely.point_on_surface(shape)
    shapely.prepare(outline)
    for k in np.flatnonzero(
        ~shapely.is_missing(shape) & ~shapely.intersects(outline, point)
    ).tolist():
        at = f"{point[k].x:.6f} {point[k].y:.6f}"
        refused.setdefault(k, BadInput("row_outside", at=at))


def _refuse_codes(frame: pd.DataFrame, refused: Refused) -> None:
    for k, (code, level, parent) in enumerate(
        zip(frame["code"], frame["level"], frame["parent"], strict=True)
    ):
        digits = DIGITS.get(level, 0)
        if code is not None and not re.fullmatch(rf"[0-9]{{{digits}}}", str(code)):
            refused.setdefault(k, BadInput("area_code", code=code, digits=digits))
        if (level == "district") != (parent is None):
            refused.setdefault(k, BadInput("cell_missing", name="parent"))


def _refuse_persons(frame: pd.DataFrame, refused: Refused) -> None:
    for k, (name, skills) in enumerate(zip(frame["name"], frame["skills"], strict=True)):
        if name is not None and len(name) > NAME_LONG:
            refused.setdefault(k, BadInput("cell_long", text=name[:20], most=NAME_LONG))
        if skills is not None and len(skills) > SKILLS:
            refused.setdefault(k, BadInput("skills_many", most=SKILLS))


def _refuse_elsewhere(kind: Kind, row: Compared, realm: Realm, refused: Refused) -> None:
    """Refuse what lies outside the actor's areas, where it is and where it would be."""
    touched = [k for k in range(len(row.frame)) if row.target[k] < 0 or row.changes[k]]
    if kind.rights == "area":
        column = row.frame["area" if kind.table == "member" else "code"]
        above = row.frame["parent"] if kind.table == "area" else column
        may = [a in realm.areas or b in realm.areas for a, b in zip(column, above, strict=True)]
    elif kind.rights == "place":
        point = shapely.point_on_surface(row.shape)
        may = shapely.intersects(realm.shape, point).tolist()
    else:
        may = [False] * len(row.frame)
    for k in touched:
        if not may[k]:
            refused.setdefault(k, BadInput("row_right"))
