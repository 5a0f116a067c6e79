"""The database itself refuses a tiling that is not exact, whoever edits it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
import shapely
from psycopg.errors import CheckViolation, SerializationFailure

from gis import districts
from gis.errors import TilingError
from sql import database
from sql.database import Conn, Database
from tests import drawn
from tests.drawn import at, commit_checks, move

FOUR = """
    aab
    acb
    ddd
"""
TINY = 1e-9


@pytest.fixture
def conn(admin: Conn) -> Conn:
    """Two communities side by side: abcd and ef, and their street."""
    drawn.store(
        admin,
        """
        aabe
        acbe
        dddf
        """,
        "abcd",
        "ef",
    )
    return admin


def refused(conn: Conn, *words: str) -> None:
    with pytest.raises(CheckViolation) as error, conn.transaction():
        commit_checks(conn)
    assert error.value.diag.constraint_name == "tiling"
    for word in words:
        assert word in (error.value.diag.message_primary or "")


def area_id(conn: Conn, name: str) -> int:
    found = conn.execute("SELECT id FROM app.area WHERE name = %s", [name]).fetchone()
    assert found is not None
    return int(found[0])


def test_one_vertex_moved_by_a_tenth_of_a_millimetre_is_refused_with_its_place(conn: Conn) -> None:
    move(conn, "c", at(2, 1), TINY)
    # of the segments that no longer match, the westernmost is the upper border of c, from (1, 1)
    # to (2, 1): its middle is at (1.5, 1), and it belongs to a and, moved, to c
    with pytest.raises(CheckViolation) as error, conn.transaction():
        commit_checks(conn)
    message = error.value.diag.message_primary or ""
    assert "社区1 (371799001001)" in message
    assert "115.0015" in message
    assert "34.999" in message
    assert "(a)" in message or "(c)" in message or "(a、c)" in message


def test_the_same_vertex_moved_in_all_that_share_it_passes(conn: Conn) -> None:
    move(conn, "abc", at(2, 1), TINY)
    commit_checks(conn)


def test_moves_that_meet_again_before_the_commit_pass(conn: Conn) -> None:
    for name in "abc":
        move(conn, name, at(2, 1), TINY)
    commit_checks(conn)


@pytest.mark.parametrize("forgotten", [["社区1"], ["社区2"], ["社区1", "社区2"], ["e"], ["b"]])
def test_a_border_of_communities_moves_in_both(conn: Conn, forgotten: list[str]) -> None:
    everybody = ["b", "e", "社区1", "社区2"]
    move(conn, [name for name in everybody if name not in forgotten], at(3, 1), TINY)
    refused(conn)
    move(conn, forgotten, at(3, 1), TINY)
    commit_checks(conn)


@pytest.mark.parametrize("forgotten", ["街道", "画区", "社区2"])
def test_an_outer_border_moves_at_all_levels(conn: Conn, forgotten: str) -> None:
    everybody = ["e", "社区2", "街道", "画区"]
    move(conn, [name for name in everybody if name != forgotten], at(4, 1), TINY)
    refused(conn)
    move(conn, [forgotten], at(4, 1), TINY)
    commit_checks(conn)


@pytest.mark.parametrize(
    ("case", "edit"),
    [
        ("a version deleted", "DELETE FROM app.area_version WHERE area = {c}"),
        ("an area deleted, its version with it", "DELETE FROM app.area WHERE id = {c}"),
        ("an area in another community", "UPDATE app.area SET parent = {社区2} WHERE id = {c}"),
        ("the parent's shape deleted", "DELETE FROM app.area_version WHERE area = {社区1}"),
        ("c over b", "UPDATE app.area_version SET geom = {geom_b} WHERE area = {c}"),
        (
            "a hole in the middle",
            """UPDATE app.area_version SET geom = ST_Multi(ST_Difference(geom,
                 ST_MakeEnvelope(115.0002, 34.9972, 115.0003, 34.9973, 4490))) WHERE area = {d}""",
        ),
        (
            "a vertex in the middle of a side",
            """UPDATE app.area_version SET geom = ST_GeomFromText(replace(ST_AsText(geom, 15),
                 '115.002 34.999,', '115.002 34.999,115.0015 34.999,'), 4490) WHERE area = {c}""",
        ),
        (
            "a repeated vertex",
            """UPDATE app.area_version SET geom = ST_GeomFromText(replace(ST_AsText(geom, 15),
                 '115.002 34.998', '115.002 34.998,115.002 34.998'), 4490) WHERE area = {c}""",
        ),
        (
            "an area twice",
            """WITH twin AS (INSERT INTO app.area (district, level, code, name, parent)
                 SELECT district, level, '371799001001009', 'twin', parent FROM app.area
                  WHERE id = {c} RETURNING district, id)
               INSERT INTO app.area_version (district, area, period, geom)
               SELECT v.district, twin.id, v.period, v.geom FROM app.area_version AS v, twin
                WHERE v.area = {c}""",
        ),
        (
            "it ends without a successor",
            "UPDATE app.area_version SET period = {until_2030} WHERE area = {c}",
        ),
        (
            "it begins later",
            "UPDATE app.area_version SET period = '[2030-01-01,)' WHERE area = {c}",
        ),
        (
            "the community ends, its grids do not",
            "UPDATE app.area_version SET period = {until_2030} WHERE area = {社区1}",
        ),
        (
            "the version becomes another area's",
            "DELETE FROM app.area_version WHERE area = {f};"
            " UPDATE app.area_version SET area = {f} WHERE area = {c}",
        ),
    ],
    ids=lambda text: "" if "app." in text else text,
)
def test_broken_tilings_are_refused(conn: Conn, case: str, edit: str) -> None:
    ids: dict[str, Any] = {n: area_id(conn, n) for n in ["a", "b", "c", "d", "f", "社区1", "社区2"]}
    ids["geom_b"] = f"(SELECT geom FROM app.area_version WHERE area = {ids['b']})"
    ids["until_2030"] = "tstzrange(lower(period), '2030-01-01')"
    conn.execute(edit.format(**ids))
    refused(conn)


def test_a_sliver_between_two_drawings_of_one_border(conn: Conn) -> None:
    """Both have the ends of the border, and in its middle a vertex each in its own place."""
    top, bottom = "115.003 34.999", "115.003 34.998"
    for name, middle in [("b", "115.003000001 34.9985"), ("e", "115.003 34.9985")]:
        conn.execute(
            """
            UPDATE app.area_version SET geom = ST_GeomFromText(
              replace(replace(ST_AsText(geom, 15), %s, %s), %s, %s), 4490) WHERE area = %s
            """,
            [f"{top},{bottom}", f"{top},{middle},{bottom}",
             f"{bottom},{top}", f"{bottom},{middle},{top}", area_id(conn, name)],
        )  # fmt: skip
    refused(conn)


def test_a_successor_from_a_date_on(conn: Conn) -> None:
    """From 2030 on b and c give each other the vertex (2, 2); before, nothing changes."""
    for name in "bcd":
        conn.execute(
            f"""
            WITH old AS (
              UPDATE app.area_version SET period = tstzrange(lower(period), '2030-01-01')
               WHERE area = {area_id(conn, name)} RETURNING district, area, geom
            )
            INSERT INTO app.area_version (district, area, period, geom)
            SELECT district, area, '[2030-01-01,)', ST_GeomFromText(replace(
                     ST_AsText(geom, 15), '115.002 34.998', '115.0021 34.998'), 4490) FROM old
            """
        )
        if name != "d":
            refused(conn, "社区1")
    commit_checks(conn)
    # a future that does not fit is refused today
    conn.execute(
        f"UPDATE app.area_version SET period = '[2031-01-01,)'"
        f" WHERE area = {area_id(conn, 'd')} AND lower(period) > now()"
    )
    with pytest.raises(CheckViolation, match="社区1") as error, conn.transaction():
        commit_checks(conn)
    assert "2030-01-01" in (error.value.diag.message_detail or "")


def test_untiled_areas_are_free_until_they_are_tiled(conn: Conn) -> None:
    conn.execute("UPDATE app.area SET tiled = false WHERE name = '社区1'")
    move(conn, "c", at(2, 1), TINY)
    commit_checks(conn)
    conn.execute("UPDATE app.area SET tiled = true WHERE name = '社区1'")
    refused(conn, "社区1")


def test_a_tiled_area_without_children_is_refused(conn: Conn) -> None:
    conn.execute("UPDATE app.area SET tiled = true WHERE name = 'c'")
    refused(conn, "outline without a child")


def shape(conn: Conn, name: str, cells: str, letter: str) -> None:
    """Give an area the cells of a letter of a drawing as its shape."""
    polygon = drawn.union(drawn.cells(cells)[letter])
    text = shapely.to_wkb(shapely.set_srid(polygon, 4490), hex=True, include_srid=True)
    conn.execute(
        "UPDATE app.area_version SET geom = %s WHERE area = %s", [text, area_id(conn, name)]
    )


def test_a_split_and_a_merge(conn: Conn) -> None:
    """d gives its first cell to a new grid x, and takes it back."""
    conn.execute(
        """
        WITH x AS (INSERT INTO app.area (district, level, code, name, parent)
          SELECT district, level, '371799001001005', 'x', parent FROM app.area WHERE name = 'd'
          RETURNING district, id)
        INSERT INTO app.area_version (district, area, period, geom)
        SELECT v.district, x.id, v.period, v.geom
          FROM x JOIN app.area AS d ON d.name = 'd' JOIN app.area_version AS v ON v.area = d.id
        """
    )
    refused(conn, "overlap")
    shape(conn, "x", "... ... xdd", "x")
    refused(conn, "overlap")
    shape(conn, "d", "... ... xdd", "d")
    commit_checks(conn)  # a, the community and all above have the new vertices already
    conn.execute("DELETE FROM app.area WHERE name = 'x'")
    refused(conn)
    shape(conn, "d", "... ... ddd", "d")
    commit_checks(conn)


def test_an_import_that_does_not_tile_is_refused(admin: Conn) -> None:
    area = drawn.areas(FOUR, ("abcd",))
    missing = area[area["name"] != "c"]
    with pytest.raises(TilingError, match=r"outline|neighbour") as error, admin.transaction():
        districts.create(admin, drawn.HOME, drawn.content(missing))
    assert error.value.key == "tiling"
    assert admin.execute("SELECT count(*) FROM app.area").fetchone() == (0,)


def checks(conn: Conn) -> dict[str, int]:
    rows = conn.execute(
        """SELECT a.name, l.checks FROM net.tiling_lock AS l
             JOIN app.area AS a ON a.district = l.district AND a.id = l.area"""
    )
    return dict(rows.fetchall())


@pytest.mark.parametrize("at_once", [True, False], ids=["one statement", "one a grid"])
def test_a_hundred_changed_grids_are_one_check(admin: Conn, at_once: bool) -> None:
    letters = [chr(0x4E00 + i) for i in range(100)]
    rows = ["".join(letters[i : i + 10]) for i in range(0, 100, 10)]
    drawn.store(admin, "\n".join(rows), "".join(letters))
    before = checks(admin)
    update = "UPDATE app.area_version SET geom = ST_Reverse(geom)"
    if at_once:
        admin.execute(update)
    else:
        for letter in letters:
            admin.execute(f"{update} WHERE area = {area_id(admin, letter)}")
    commit_checks(admin)
    after = checks(admin)
    assert after["社区1"] - before["社区1"] == 1
    assert all(after[letter] - before[letter] == 1 for letter in letters)
    assert admin.execute("SELECT count(*) FROM net.tiling_check").fetchone() == (0,)


def test_a_change_of_names_checks_nothing(conn: Conn) -> None:
    before = checks(conn)
    conn.execute("UPDATE app.area SET name = name || '!'")
    commit_checks(conn)
    assert sorted(checks(conn).values()) == sorted(before.values())


def test_coordinates_off_the_lattice_are_refused_with_their_place(conn: Conn) -> None:
    with pytest.raises(CheckViolation, match=r"115\.0020000001 34\.999") as error:
        move(conn, "abc", at(2, 1), 1e-10)
    assert error.value.diag.constraint_name == "lattice"


def test_the_rounding_of_a_program_is_mended(conn: Conn) -> None:
    """ST_SnapToGrid multiplies by 1e-9 and may miss the double nearest to the decimals."""
    conn.execute("UPDATE app.area_version SET geom = ST_SnapToGrid(geom, 1e-9)")
    conn.execute(
        "UPDATE app.area_version SET geom = ST_Translate(ST_Translate(geom, 0.1, 0), -0.1, 0)"
    )
    commit_checks(conn)
    assert conn.execute(
        "SELECT bool_and(app.on_lattice(geom)) FROM app.area_version"
    ).fetchone() == (True,)


def test_a_child_lies_in_a_higher_area(conn: Conn) -> None:
    for edit in [
        "UPDATE app.area SET parent = {c} WHERE name = 'a'",
        "UPDATE app.area SET parent = {c} WHERE name = '社区2'",
    ]:
        with pytest.raises(CheckViolation, match=r"does not lie in"), conn.transaction():
            conn.execute(edit.format(c=area_id(conn, "c")))


# Two at once. Alone, each of these two changes is right; together they leave a tiled area that is
# not tiled: one community is declared tiled while a vertex of it is moved.


@pytest.fixture
def two(own: Database) -> Iterator[tuple[Conn, Conn]]:
    with closing(database.admin(own)) as first, closing(database.admin(own)) as second:
        drawn.store(first, FOUR, "abcd")
        first.execute("UPDATE app.area SET tiled = false WHERE name = '社区1'")
        first.commit()
        yield first, second
        for conn in (first, second):
            conn.rollback()
        districts.remove(first, drawn.CODE)
        first.commit()


def waits(conn: Conn, other: Conn) -> None:
    """Return when a connection waits for another."""
    query = "SELECT %s = ANY (pg_blocking_pids(%s)), pg_sleep(0.02)"
    while not conn.execute(query, [conn.info.backend_pid, other.info.backend_pid]).fetchone()[0]:  # type: ignore[index]
        pass


def declare(conn: Conn) -> None:
    conn.execute("UPDATE app.area SET tiled = true WHERE name = '社区1'")


def bend(conn: Conn) -> None:
    move(conn, "c", at(2, 1), TINY)


@pytest.mark.parametrize("order", [(declare, bend), (bend, declare)], ids=["bend", "declare"])
@pytest.mark.parametrize(
    ("level", "error"),
    [("READ COMMITTED", CheckViolation), ("REPEATABLE READ", SerializationFailure)],
)
@pytest.mark.parametrize("waiting", [False, True], ids=["after", "during"])
def test_two_that_would_pass_alone_do_not_both_pass(
    two: tuple[Conn, Conn],
    order: tuple[Callable[[Conn], None], ...],
    level: str,
    error: type[psycopg.Error],
    waiting: bool,
) -> None:
    first, second = two
    for conn, edit in zip(two, order, strict=True):
        conn.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        edit(conn)
    with ThreadPoolExecutor(1) as pool:
        if waiting:
            first.execute("SET CONSTRAINTS net.run IMMEDIATE")  # checked, not yet committed
            outcome = pool.submit(second.commit)
            waits(first, second)
            first.commit()
        else:
            first.commit()
            outcome = pool.submit(second.commit)
        with pytest.raises(error):
            outcome.result()


def test_who_writes_an_old_shape_over_a_newer_one_is_refused(two: tuple[Conn, Conn]) -> None:
    first, second = two
    declare(first)
    first.commit()
    old = second.execute(
        f"SELECT geom::text FROM app.area_version WHERE area = {area_id(second, 'c')}"
    ).fetchone()
    move(first, "abc", at(2, 1), TINY)
    first.commit()
    second.execute(
        f"UPDATE app.area_version SET geom = %s WHERE area = {area_id(second, 'c')}", old
    )
    with pytest.raises(CheckViolation, match="社区1"):
        second.commit()


def test_two_who_edit_different_areas_do_not_wait_for_each_other(two: tuple[Conn, Conn]) -> None:
    first, second = two
    move(first, "a", at(1, 1), TINY)
    second.execute("SET lock_timeout = '2s'")
    move(second, "b", at(2, 2), TINY)
    second.commit()
    first.commit()
