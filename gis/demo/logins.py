"""The accounts of a sample district: one for each role, all with the sample password."""

from gis import accounts
from gis.errors import Conflict
from sql.database import Conn

# login, name, role, the length of the code of the area it is given on
SAMPLES = (
    ("planner", "示例规划员", "planner", 6),
    ("official", "示例干部", "official", 6),
    ("official-1", "示例街道干部", "official", 9),
    ("field", "示例网格员", "field", 12),
    ("dispatcher", "示例调度员", "dispatcher", 6),
    ("admin", "示例管理员", "admin", 6),
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
