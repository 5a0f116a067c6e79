"""The catalogue of layers: what one entry promises is there."""

import pytest

from gis.errors import NotFound
from layers.catalogue import LAYERS, SETS, layer, layers
from layers.layer import TOP
from sql.database import Conn
from web.i18n import LANGUAGES, translate


@pytest.fixture
def views(admin: Conn) -> dict[str, tuple[list[str], list[str]]]:
    """Columns and options of every view of the map."""
    rows = admin.execute(
        """SELECT c.relname, array_agg(a.attname::text ORDER BY attnum), coalesce(reloptions, '{}')
             FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND attnum > 0
            WHERE relnamespace = 'map'::regnamespace AND relkind = 'v' GROUP BY c.oid"""
    )
    return {name: (columns, options) for name, columns, options in rows}


def test_every_layer_has_its_view_and_every_view_its_layer(
    views: dict[str, tuple[list[str], list[str]]],
) -> None:
    assert set(views) == set(LAYERS)
    for name, (columns, options) in views.items():
        assert options == ["security_invoker=true"], name
        assert columns[:3] == ["district", "id", "zoom"] and columns[-1] == "geom", name
        assert set(LAYERS[name].columns) <= set(columns), name
        assert set(LAYERS[name].properties) <= set(columns), name


def test_every_view_says_what_it_is_and_is_read_by_app_web_alone(admin: Conn) -> None:
    rows = admin.execute(
        """SELECT relname, obj_description(oid, 'pg_class') IS NOT NULL,
                  has_table_privilege('app_web', oid, 'SELECT'),
                  has_table_privilege('app_web', oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
             FROM pg_class WHERE relnamespace = 'map'::regnamespace AND relkind = 'v'"""
    ).fetchall()
    assert all(row[1:] == (True, True, False) for row in rows) and len(rows) == len(LAYERS)


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_a_title_in_both_languages(name: str) -> None:
    titles = [translate(language, LAYERS[name].title) for language in LANGUAGES]
    assert all(titles) and len(set(titles)) == 2


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_names_what_it_is_made_of(admin: Conn, name: str) -> None:
    rows = admin.execute(
        """SELECT DISTINCT t.relname FROM pg_depend AS d
             JOIN pg_rewrite AS r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
             JOIN pg_class AS v ON v.oid = r.ev_class JOIN pg_class AS t ON t.oid = d.refobjid
            WHERE v.relname = %s AND v.relnamespace = 'map'::regnamespace AND t.relkind = 'r'""",
        [name],
    )
    assert {table for (table,) in rows} == set(LAYERS[name].tables)


def test_sets_are_of_layers_in_drawing_order() -> None:
    order = list(LAYERS)
    for name in SETS:
        found = [each.name for each in layers(name)]
        assert found and found == sorted(found, key=order.index)
    assert not set(SETS) & set(LAYERS)
    assert [each.name for each in layers("station")] == ["station"]


def test_what_is_not_there_is_told_with_what_is() -> None:
    for asked in ("roads", "", "map.way", "GROUND", "way'; --"):
        with pytest.raises(NotFound) as told:
            layers(asked)
        assert told.value.key == "no_layer" and "way" in str(told.value.values["known"])
    with pytest.raises(NotFound):
        layer("ground")


@pytest.mark.parametrize("name", LAYERS)
def test_properties_come_with_the_layer_and_stay(name: str) -> None:
    of = LAYERS[name]
    assert of.geometry in ("point", "line", "polygon")
    assert 0 <= of.zoom <= TOP
    counts = [len(of.carried(zoom)) for zoom in range(TOP + 1)]
    assert counts == sorted(counts) and counts[-1] == len(of.properties)
