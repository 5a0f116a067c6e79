"""Who changed what and when: noted by the database, and chained so that it stays as it was."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege, SerializationFailure
from psycopg.rows import dict_row

from gis import districts
from sql import database
from sql.database import Conn, Database
from tests import town
from tests.drawn import commit_checks


@pytest.fixture
def conn(admin: Conn) -> Conn:
    """The town, and nothing noted yet in this transaction that a test would see."""
    districts.create(admin, town.HOME, town.content(), services=[("s1", "党务服务")])
    return admin


def changes(conn: Conn, relation: str) -> list[dict[str, Any]]:
    """Return what has been noted of a table since the import, oldest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """SELECT c.*, t.actor, t.login, t.at FROM audit.change AS c
                 JOIN audit.transaction AS t ON t.id = c.transaction
                WHERE relation = %s AND (operation <> 'INSERT' OR after ->> 'code' LIKE 'new%%')
                ORDER BY c.id""",
            [relation],
        ).fetchall()


def broken(conn: Conn) -> list[int]:
    commit_checks(conn)
    return [place for (place,) in conn.execute("SELECT audit.broken_links()")]


def test_insert_update_and_delete_keep_what_was_and_what_is(conn: Conn) -> None:
    conn.execute("SELECT set_config('app.actor', '77', true)")
    columns = "district, code, name, kind, period, geom"
    conn.execute(
        f"""INSERT INTO app.water ({columns})
            SELECT district, 'new', '湖', kind, period, geom FROM app.water"""
    )
    conn.execute("UPDATE app.water SET name = '大湖' WHERE code = 'new'")
    conn.execute("DELETE FROM app.water WHERE code = 'new'")
    found = changes(conn, "water")
    assert [c["operation"] for c in found] == ["INSERT", "UPDATE", "DELETE"]
    names = [tuple(side and side["name"] for side in (c["before"], c["after"])) for c in found]
    assert names == [(None, "湖"), ("湖", "大湖"), ("大湖", None)]
    versions = [(c["before"] or c["after"])["version"] for c in found]
    assert versions == [1, 1, 2]
    assert {c["district"] for c in found} == {town.HOME.code}
    assert {c["row_id"] for c in found} == {found[0]["after"]["id"]}
    assert {c["login"] for c in found} == {conn.info.user}
    assert conn.execute("SELECT now()").fetchone() == (found[0]["at"],)


def test_every_row_of_a_statement_is_noted_with_its_own_images(conn: Conn) -> None:
    conn.execute("UPDATE app.building SET households = households + 1")
    found = changes(conn, "building")
    assert len(found) == 4
    for change in found:
        assert change["row_id"] == change["before"]["id"] == change["after"]["id"]
        assert change["after"]["households"] == change["before"]["households"] + 1


def test_a_statement_that_changes_no_row_notes_nothing(conn: Conn) -> None:
    conn.execute("UPDATE app.building SET households = 1 WHERE code = 'nobody'")
    conn.execute("DELETE FROM app.way WHERE false")
    assert changes(conn, "building") == changes(conn, "way") == []


def test_shapes_are_noted_exactly(conn: Conn) -> None:
    conn.execute("UPDATE app.station SET name = name || '!'")
    (change,) = changes(conn, "station")
    row = conn.execute("SELECT ST_X(geom), ST_Y(geom) FROM app.station").fetchone()
    assert tuple(change["before"]["geom"]["coordinates"]) == row


def test_times_are_noted_alike_in_every_zone(conn: Conn) -> None:
    for zone, style in [("UTC", "ISO"), ("Asia/Shanghai", "German")]:
        conn.execute(f"SET LOCAL timezone = '{zone}'; SET LOCAL datestyle = '{style}'")
        conn.execute("UPDATE app.water SET name = name")
    conn.execute("RESET timezone; RESET datestyle")
    one, two = changes(conn, "water")
    assert one["before"]["period"] == two["before"]["period"] == '["2026-11-19 16:00:00+00",)'


def test_the_actor_is_the_account_of_the_transaction(own: Database) -> None:
    with closing(database.admin(own)) as conn:
        for actor in ("5", ""):
            conn.execute("SELECT set_config('app.actor', %s, true)", [actor])
            conn.execute(f"SELECT audit.note('test', 'NOTE', NULL, '{{\"actor\": \"{actor}\"}}')")
            conn.commit()
        noted = conn.execute(
            "SELECT actor, after ->> 'actor' FROM audit.change JOIN audit.transaction AS t"
            " ON t.id = transaction WHERE relation = 'test' ORDER BY t.id"
        )
        assert noted.fetchall() == [(5, "5"), (None, "")]
        assert broken(conn) == []


def test_a_bulk_statement_is_one_note_with_a_digest(conn: Conn) -> None:
    def fill() -> None:
        conn.execute(
            """INSERT INTO app.service (district, code, name)
               SELECT %s, 'new' || i, 'name' || i FROM generate_series(1, 1500) AS i""",
            [town.HOME.code],
        )

    fill()
    conn.execute("UPDATE app.service SET name = name || '!' WHERE code LIKE 'new%'")
    conn.execute("UPDATE app.service SET name = name || '?' WHERE code = 'new7'")
    conn.execute("DELETE FROM app.service WHERE code LIKE 'new%'")
    found = conn.execute(
        """SELECT operation, rows, district, before ->> 'sha256', after ->> 'sha256'
             FROM audit.change WHERE relation = 'service' AND rows > 1 ORDER BY id"""
    ).fetchall()
    assert [row[:3] for row in found] == [
        (operation, 1500, town.HOME.code) for operation in ("INSERT", "UPDATE", "DELETE")
    ]
    inserted, updated, deleted = (row[3:] for row in found)
    assert inserted[0] is None
    assert deleted[1] is None
    assert updated[0] == inserted[1]  # what was there is what was put there
    assert deleted[0] != updated[1]  # one of them changed in between
    assert all(len(digest) == 64 for digest in (inserted[1], *updated, deleted[0]))


def test_passwords_are_never_noted(conn: Conn) -> None:
    conn.execute(
        "INSERT INTO app.account (district, login, name, password) VALUES (%s, 'x', 'x', 'secret')",
        [town.HOME.code],
    )
    conn.execute("UPDATE app.account SET password = 'secrets'")
    conn.execute("DELETE FROM app.account")
    query = "SELECT c::text FROM audit.change AS c WHERE relation = 'account'"
    noted = conn.execute(query).fetchall()
    assert len(noted) == 3
    assert not any("secret" in text or "password" in text for (text,) in noted)


@pytest.mark.parametrize("role", ["app_web", "yige_engine", "yige_service"])
@pytest.mark.parametrize(
    ("table", "column"), [("transaction", "place"), ("change", "rows"), ("head", "place")]
)
def test_nobody_but_the_owner_writes_or_reads_it(
    conn: Conn, role: str, table: str, column: str
) -> None:
    conn.execute(f"SET ROLE {role}")
    for text in [
        f"DELETE FROM audit.{table}", f"UPDATE audit.{table} SET {column} = 1",
        f"INSERT INTO audit.{table} DEFAULT VALUES", f"TRUNCATE audit.{table}",
        f"SELECT FROM audit.{table}", f"ALTER TABLE audit.{table} DISABLE TRIGGER ALL",
    ]:  # fmt: skip
        with pytest.raises(InsufficientPrivilege), conn.transaction():
            conn.execute(text)


# The chain.


@pytest.fixture
def stored(own: Database) -> Iterator[Conn]:
    """The town and five transactions after it, committed."""
    with closing(database.admin(own)) as conn:
        districts.create(conn, town.HOME, town.content())
        conn.commit()
        for i in range(5):
            conn.execute("UPDATE app.station SET floor_area = %s", [100 + i])
            conn.execute("UPDATE app.water SET name = %s", [f"河{i}"])
            conn.commit()
        yield conn
        conn.rollback()
        districts.remove(conn, town.HOME.code)
        conn.commit()


def test_each_transaction_is_one_link(stored: Conn) -> None:
    rows = stored.execute("SELECT place FROM audit.transaction ORDER BY place").fetchall()
    assert [place for (place,) in rows] == list(range(1, len(rows) + 1))
    assert broken(stored) == []
    assert stored.execute("SELECT count(*) FROM audit.unchained").fetchone() == (0,)


LAST = "(SELECT max(id) FROM audit.transaction)"
THIRD = "(SELECT id FROM audit.transaction ORDER BY id DESC OFFSET 2 LIMIT 1)"


@pytest.mark.parametrize(
    "tampering",
    [
        f"""UPDATE audit.change SET after = after || '{{"floor_area": 1}}'
             WHERE transaction = {THIRD}""",
        f"UPDATE audit.change SET before = NULL WHERE transaction = {THIRD}",
        f"UPDATE audit.change SET row_id = row_id + 1 WHERE transaction = {THIRD}",
        f"UPDATE audit.change SET district = '000000' WHERE transaction = {THIRD}",
        f"UPDATE audit.change SET rows = rows + 1 WHERE transaction = {THIRD}",
        f"UPDATE audit.change SET transaction = {LAST} WHERE transaction = {THIRD}",
        f"DELETE FROM audit.change WHERE transaction = {THIRD}",
        f"""INSERT INTO audit.change (transaction, relation, operation)
            VALUES ({THIRD}, 'water', 'UPDATE')""",
        f"UPDATE audit.transaction SET actor = 9 WHERE id = {THIRD}",
        f"UPDATE audit.transaction SET login = 'nobody' WHERE id = {THIRD}",
        f"UPDATE audit.transaction SET at = at - interval '1 s' WHERE id = {THIRD}",
        f"UPDATE audit.transaction SET place = NULL WHERE id = {THIRD}",
        f"""DELETE FROM audit.change WHERE transaction = {LAST};
            DELETE FROM audit.transaction WHERE id = {LAST}""",
        f"UPDATE audit.transaction SET digest = '' WHERE id = {LAST}",
        f"""UPDATE audit.change SET relation = 'way' WHERE transaction = {LAST};
            UPDATE audit.transaction AS t SET digest = audit.digest(
              (SELECT digest FROM audit.transaction WHERE place = t.place - 1), id)
             WHERE id = {LAST}""",
    ],
)
def test_tampering_is_found(stored: Conn, tampering: str) -> None:
    with stored.transaction(force_rollback=True):
        stored.execute(tampering)
        assert stored.execute("SELECT audit.broken_links()").fetchall() != []


def test_what_is_done_after_the_checks_of_a_transaction_is_chained_too(stored: Conn) -> None:
    stored.execute("SET CONSTRAINTS ALL IMMEDIATE")
    stored.execute("UPDATE app.water SET name = 'one'")
    stored.execute("UPDATE app.water SET name = 'two'")
    stored.execute("SET CONSTRAINTS ALL DEFERRED")
    stored.execute("UPDATE app.water SET name = 'three'")
    stored.commit()
    assert broken(stored) == []
    before, after = stored.execute("SELECT count(*), max(place) FROM audit.transaction").fetchone()  # type: ignore[misc]
    assert before == after
    with stored.transaction(force_rollback=True):
        stored.execute("UPDATE audit.change SET after = NULL WHERE after ->> 'name' = 'three'")
        assert list(stored.execute("SELECT audit.broken_links()")) == [(after,)]


def test_a_transaction_that_is_rolled_back_leaves_no_gap(stored: Conn) -> None:
    stored.execute("UPDATE app.water SET name = 'lost'")
    commit_checks(stored)
    stored.rollback()
    stored.execute("UPDATE app.water SET name = 'kept'")
    stored.commit()
    assert broken(stored) == []


def test_two_transactions_at_once_take_two_places_in_order(stored: Conn, own: Database) -> None:
    with closing(database.admin(own)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("UPDATE app.water SET name = 'other'")  # begins first, commits last
        stored.execute("UPDATE app.station SET name = 'one'")
        commit_checks(stored)  # has its place, and has not committed
        waiting = pool.submit(other.commit)
        query = "SELECT %s = ANY (pg_blocking_pids(%s)), pg_sleep(0.02)"
        pids = [stored.info.backend_pid, other.info.backend_pid]
        while not stored.execute(query, pids).fetchone()[0]:  # type: ignore[index]
            pass
        stored.commit()
        waiting.result()
    names = stored.execute(
        """SELECT coalesce(after ->> 'name', '') FROM audit.change JOIN audit.transaction AS t
             ON t.id = transaction ORDER BY place DESC LIMIT 2"""
    ).fetchall()
    assert names == [("other",), ("one",)]
    assert broken(stored) == []


def test_a_transaction_on_an_old_snapshot_does_not_fork_the_chain(
    stored: Conn, own: Database
) -> None:
    with closing(database.admin(own)) as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("UPDATE app.water SET name = 'other'")
        stored.execute("UPDATE app.station SET name = 'one'")
        stored.commit()
        with pytest.raises(SerializationFailure):
            other.commit()
    assert broken(stored) == []


def test_transaction_numbers_of_another_server_do_not_mix(stored: Conn) -> None:
    """A restored backup brings numbers that the new server has yet to give."""
    old = "INSERT INTO audit.transaction (xid, at) VALUES (pg_current_xact_id(), '2020-01-01')"
    stored.execute(old)
    stored.execute("UPDATE app.water SET name = 'new'")
    noted = stored.execute(
        "SELECT at = now() FROM audit.transaction AS t JOIN audit.change ON transaction = t.id"
        " WHERE after ->> 'name' = 'new'"
    )
    assert noted.fetchall() == [(True,)]
    stored.rollback()
