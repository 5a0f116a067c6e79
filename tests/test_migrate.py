from pathlib import Path

import pytest

import sql.migrate
from sql.database import Conn
from sql.errors import DatabaseError
from sql.migrate import is_current, migrate


def test_second_run_applies_nothing(admin: Conn) -> None:
    assert migrate(admin) == []
    assert is_current(admin)


def test_edited_migration_is_refused(
    admin: Conn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("migrations", "functions", "policies"):
        (tmp_path / folder).mkdir()
    for path in (sql.migrate.ROOT / "migrations").glob("*.sql"):
        (tmp_path / "migrations" / path.name).write_text(path.read_text("utf-8") + "-- edited\n")
    monkeypatch.setattr(sql.migrate, "ROOT", tmp_path)
    with pytest.raises(DatabaseError, match="migration_edited"):
        migrate(admin)
    assert not is_current(admin)
