"""The accounts of a sample district: one for each role, all with the sample password."""

from gis import accounts
from gis.errors import Conflict
from sql.database import Conn

# login, name, role, the length of the code of the area it is given on
SAMPLES = (
    ("planner", "规划员（示例）", "planner", 6),
    ("official", "干部（示例）", "official", 6),
    ("official-1", "街道干部（示例）", "official", 9),
    ("field", "网格员（示例）", "field", 12),
    ("dispatcher", "调度员（示例）", "dispatcher", 6),
    ("admin", "管理员（示例）", "admin", 6),
)


def add(conn: Conn, district: str, name: str) -> None:
    """Add the accounts of a sample; mudan's logins have no suffix where they are free."""
    word = accounts.hashed(accounts.SAMPLE_PASSWORD)
    codes = [code for code, _, _ in accounts.places(conn, district)]
    for login, called, role, digits in SAMPLES:
        area = next(code for code in codes if len(code) == digits)
        account = _add(conn, district, login, name, called, word)
        accounts.grant(conn, district, account, role, area)


def _add(conn: Conn, district: str, login: str, name: str, called: str, word: str) -> int:
    if name == "mudan":
        try:
            return accounts.add(conn, district, login, called, word)
        except Conflict:
            pass  # a real account of that login
    return accounts.add(conn, district, f"{login}-{name}", called, word)
