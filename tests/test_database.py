"""Connections, backup and restore, and other people's servers."""

import itertools
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from sql import backup, database
from sql.cluster import Place
from sql.cluster.programs import programs
from sql.database import Conn, Database, engine, service_pool, transaction
from sql.errors import DatabaseError

names = (f"made_{n}" for n in itertools.count())


@pytest.fixture
def fresh(database: Database) -> Iterator[Database]:
    """Yield a database that a test may replace or leave in ruins."""
    made = database.beside(next(names))
    yield made
    with maintenance(made) as conn:
        for name in [made, made.beside("before"), made.beside("restoring")]:
            conn.execute(f"DROP DATABASE IF EXISTS {name.dbname} WITH (FORCE)")


def maintenance(of: Database) -> Conn:
    return database.admin(replace(of, name="postgres"), autocommit=True)


def fill(of: Database, word: str) -> None:
    database.create(of)
    with database.admin(of) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS public.kept (word text)")
        conn.execute("INSERT INTO public.kept VALUES (%s)", [word])


def words(of: Database) -> list[str]:
    with database.admin(of) as conn:
        return [word for (word,) in conn.execute("SELECT word FROM public.kept ORDER BY 1")]


def test_a_transaction_is_one_actor_and_leaves_nothing_behind(database: Database) -> None:
    now = "SELECT current_user, session_user, current_setting('app.actor', true)"
    with service_pool(database, size=1) as pool:
        with transaction(pool, 7) as conn:
            assert conn.execute(now).fetchone() == ("app_web", "yige_service", "7")
        with transaction(pool, None) as conn:
            assert conn.execute(now).fetchone() == ("app_web", "yige_service", "")
        with pool.connection() as conn:
            assert conn.execute(now).fetchone() == ("yige_service", "yige_service", "")


def test_the_engine_acts_as_its_role(database: Database) -> None:
    with engine(database) as conn:
        assert conn.execute("SELECT current_user").fetchone() == ("yige_engine",)


def test_restore_brings_back_what_was_backed_up(fresh: Database, tmp_path: Path) -> None:
    fill(fresh, "first")
    file = tmp_path / "备份.dump"
    assert backup.backup(fresh, file) == file.stat().st_size > 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["备份.dump"]
    fill(fresh, "second")
    with closing(database.admin(fresh)) as busy:  # somebody is at work meanwhile
        busy.execute("SELECT 1")
        assert backup.restore(fresh, file) == fresh.beside("before").dbname
    assert words(fresh) == ["first"]
    assert words(fresh.beside("before")) == ["first", "second"]
    assert backup.restore(fresh, file) == fresh.beside("before").dbname
    assert words(fresh.beside("before")) == ["first"]


def test_restore_where_nothing_was(fresh: Database, tmp_path: Path) -> None:
    fill(fresh, "first")
    backup.backup(fresh, tmp_path / "a.dump")
    with maintenance(fresh) as conn:
        conn.execute(f"DROP DATABASE {fresh.dbname}")
    assert backup.restore(fresh, tmp_path / "a.dump") is None
    assert words(fresh) == ["first"]


@pytest.mark.parametrize("damage", ["no backup at all", "cut off", "cut off early"])
def test_a_bad_backup_changes_nothing(fresh: Database, tmp_path: Path, damage: str) -> None:
    fill(fresh, "first")
    file = tmp_path / "bad.dump"
    backup.backup(fresh, file)
    whole = file.read_bytes()
    share = {"no backup at all": None, "cut off": 0.99, "cut off early": 0.1}[damage]
    file.write_bytes(b"hello" if share is None else whole[: int(len(whole) * share)])
    with pytest.raises(DatabaseError) as caught:
        backup.restore(fresh, file)
    assert caught.value.key in {"not_a_backup", "restore_failed"}
    assert words(fresh) == ["first"]
    with maintenance(fresh) as conn:
        left = "SELECT 1 FROM pg_database WHERE datname = %s"
        assert conn.execute(left, [fresh.beside("restoring").dbname]).fetchone() is None


def test_a_backup_that_cannot_be_written_leaves_the_old_one(
    fresh: Database, tmp_path: Path
) -> None:
    fill(fresh, "first")
    file = tmp_path / "a.dump"
    file.write_text("the old one")
    missing = replace(fresh, name="no_such_database")
    with pytest.raises(DatabaseError) as caught:
        backup.backup(missing, file)
    assert caught.value.key == "backup_failed"
    assert file.read_text() == "the old one"
    with pytest.raises(DatabaseError):
        backup.backup(fresh, tmp_path / "no such directory" / "a.dump")


def test_making_a_database_twice(fresh: Database) -> None:
    assert database.create(fresh)
    password = fresh.place.passfile.read_text()
    assert not database.create(fresh)
    assert fresh.place.passfile.read_text() == password


def test_a_lost_password_is_replaced(fresh: Database) -> None:
    database.create(fresh)
    fresh.place.passfile.unlink()
    database.create(fresh)
    word = fresh.place.passfile.read_text().strip().rpartition(":")[2]
    psycopg.connect(fresh.conninfo(user="yige_service", password=word)).close()


# somebody's server: the cluster of the tests plays it, under other names


@pytest.fixture
def guest(fresh: Database) -> Iterator[str]:
    """Yield the URL of a database on a server where we are an ordinary user, with rights added."""
    database.create(fresh)
    with maintenance(fresh) as conn:
        conn.execute("DROP ROLE IF EXISTS guest")
        conn.execute("CREATE ROLE guest LOGIN PASSWORD 'a b@c'")
    yield f"postgresql://guest:a%20b%40c@/{fresh.dbname}?host={fresh.place.socket}"
    with database.admin(fresh, autocommit=True) as conn:
        conn.execute("DROP OWNED BY guest CASCADE")
        conn.execute("DROP ROLE guest")


def failure(url: str, at: Place) -> str:
    with pytest.raises(DatabaseError) as caught:
        database.create(Database(at, url))
    assert "a b@c" not in str(caught.value)
    return caught.value.key


def test_a_url_that_is_none(database: Database) -> None:
    assert failure("postgresql://%zz@", database.place) == "bad_url"
    assert failure("nonsense a b@c", database.place) == "bad_url"


def test_a_url_where_nobody_answers(database: Database) -> None:
    assert failure("postgresql://x:a%20b%40c@127.0.0.1:9/x", database.place) == "unreachable"


def test_a_url_of_no_database(guest: str, fresh: Database) -> None:
    assert failure(guest.replace(fresh.dbname, "nowhere"), fresh.place) == "no_database"


def test_a_url_with_a_wrong_password(guest: str, fresh: Database) -> None:
    assert failure(guest.replace("a%20b", "x"), fresh.place) == "unreachable"


def test_a_url_without_the_right_to_create(guest: str, fresh: Database) -> None:
    assert failure(guest, fresh.place) == "server_rights"
    with maintenance(fresh) as conn:
        conn.execute("ALTER ROLE guest CREATEROLE")
    assert failure(guest, fresh.place) == "server_rights"


def test_a_url_without_the_right_to_add_postgis(guest: str, fresh: Database) -> None:
    with database.admin(fresh, autocommit=True) as conn:
        conn.execute("DROP EXTENSION postgis")
    assert failure(guest, fresh.place) == "server_create_postgis"


def test_a_url_on_whose_server_the_service_belongs_to_another(
    guest: str, fresh: Database, tmp_path: Path
) -> None:
    with maintenance(fresh) as conn:
        conn.execute("ALTER ROLE guest CREATEROLE")
        conn.execute(f"GRANT CREATE ON DATABASE {fresh.dbname} TO guest")
        conn.execute("GRANT app_web TO guest WITH ADMIN OPTION")
    elsewhere = replace(fresh.place, home=tmp_path)
    assert failure(guest, elsewhere) == "service_role_taken"


def test_a_url_with_every_right(fresh: Database) -> None:
    """The administrator's own URL: what a superuser's would be on somebody's server."""
    database.create(fresh)
    with maintenance(fresh) as conn:
        conn.execute("DROP ROLE IF EXISTS boss")
        conn.execute("CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'boss'")
    try:
        url = f"postgresql://boss:boss@/{fresh.dbname}?host={fresh.place.socket}"
        theirs = Database(fresh.place, url)
        assert not database.create(theirs)
        fill(theirs, "first")
        assert words(fresh) == ["first"]
        with service_pool(theirs, size=1) as pool, pool.connection() as conn:
            row = conn.execute("SELECT current_user, current_database()").fetchone()
            assert row == ("yige_service", fresh.dbname)
    finally:
        with database.admin(fresh, autocommit=True) as conn:
            conn.execute("DROP OWNED BY boss CASCADE")
            conn.execute("DROP ROLE boss")


@pytest.fixture
def remote(cluster: Place) -> Iterator[str]:
    """Yield the URL of an empty database on a server that listens on TCP alone."""
    home = cluster.home / "remote"
    home.mkdir()
    (home / "word").write_text("a b@:/c")
    cluster.server.owns(home / "word", 0o600)
    cluster.server.owns(home, 0o700)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    use, data = programs(home / "data"), ["-D", str(home / "data")]
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off"

    def run(name: str, *arguments: str) -> None:
        command = [use[name], *data, *arguments]
        account = cluster.server.run_as()
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, **account)

    run("initdb", "-U", "boss", f"--pwfile={home / 'word'}", "-A", "scram-sha-256", "--no-sync")
    run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
    url = f"postgresql://boss:a%20b%40%3A%2Fc@127.0.0.1:{port}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as conn:
        conn.execute("CREATE DATABASE city")
    yield f"{url}/city"
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(home)


def test_a_server_over_tcp(remote: str, cluster: Place, tmp_path: Path) -> None:
    here = replace(cluster, home=cluster.home / "elsewhere")
    theirs = Database(here, remote)
    assert failure(remote.replace("boss:a", "boss:x"), here) == "unreachable"
    assert len(database.migrate(theirs)) >= 6
    assert database.migrate(theirs) == []
    fill(theirs, "first")
    backup.backup(theirs, tmp_path / "a.dump")
    fill(theirs, "second")
    assert backup.restore(theirs, tmp_path / "a.dump") == "city_before"
    assert words(theirs) == ["first"]
    with service_pool(theirs, size=1) as pool, transaction(pool, None) as conn:
        row = conn.execute("SELECT session_user, current_user, host(inet_server_addr())")
        assert row.fetchone() == ("yige_service", "app_web", "127.0.0.1")
    shutil.rmtree(here.home)


def test_a_full_disk_in_the_middle_of_a_statement_is_named() -> None:
    with pytest.raises(DatabaseError, match="server_disk_full"), database.failures():
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")
