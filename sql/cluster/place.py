"""Where a private cluster lives and which users of the system run it.

A normal user owns everything. Under root three users share the work, so that none can do
another's: root commands, ``postgres`` runs the server and owns the data, and ``www-data`` serves
pages; it can reach the socket and read its own password, but neither the data nor the server.
"""

import hashlib
import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sql.errors import DatabaseError

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM = Path("/var/lib/yige")
SERVER_USERS = ("postgres", "nobody")
SERVICE_USERS = ("www-data", "nobody")
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432.lock")  # sun_path holds 108 bytes with its end


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> dict[str, Any]:
        """Return the arguments of `subprocess.run` that make root start a program as this user."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path, mode: int) -> None:
        """Give ``path`` to this user, with these permissions."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)


@dataclass(frozen=True, slots=True)
class Place:
    """A home directory and the users of what lies in it."""

    home: Path
    server: Account
    service: Account

    @property
    def data(self) -> Path:
        """The data directory of PostgreSQL, the server's alone."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """The directory of the server's logs."""
        return self.home / "log"

    @property
    def passfile(self) -> Path:
        """The service's password, in the form libpq reads, readable by the service alone."""
        return self.home / "service.pgpass"

    @property
    def own(self) -> Path:
        """The service's own directory, for what it has to keep."""
        return self.home / "service"

    @property
    def stay(self) -> Path:
        """A mark: the server is to stay when nobody uses it any more."""
        return self.home / "stay"

    @property
    def socket(self) -> Path:
        """The socket's directory: in the home where the path is short enough, else in /tmp."""
        inside = self.home / "socket"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET and "," not in str(inside):
            return inside
        return Path("/tmp") / f"yige-{os.geteuid()}-{_digest(self.home)}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise DatabaseError("no_account", uid=uid) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _first(names: tuple[str, ...]) -> Account:
    for name in names:
        try:
            return _account(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise DatabaseError("no_system_user", names=", ".join(names))


def place(environ: Mapping[str, str] = os.environ, checkout: Path = CHECKOUT) -> Place:
    """Return the place of this checkout: ``YIGE_HOME``, else ``var`` in it, or a system directory.

    Root's default is ``/var/lib/yige/<8 hex of the checkout's path>``: a checkout below /root
    cannot be reached by the users that root hands the work to.

    Raises
    ------
    DatabaseError
        The user, or a user that root needs, is unknown to the system; or root has set this
        checkout up, and an ordinary user asks.
    """
    root = os.geteuid() == 0
    system = SYSTEM / _digest(checkout)
    if environ.get("YIGE_HOME"):
        home = Path(environ["YIGE_HOME"]).absolute()
    else:
        home = system if root else checkout / "var"
    if root:
        return Place(home, _first(SERVER_USERS), _first(SERVICE_USERS))
    if not environ.get("YIGE_HOME") and system.exists() and not home.exists():
        raise DatabaseError("set_up_by_root", home=system)
    account = _account(os.geteuid())
    return Place(home, account, account)


def prepare(at: Place) -> None:
    """Make the home and the directories of the server in it; raises as `make_home`."""
    make_home(at)
    private_directory(at.log, at.server)
    private_directory(at.socket, at.service, at.server)


def make_home(at: Place) -> None:
    """Make the home, unless it is there.

    Raises
    ------
    DatabaseError
        The directory cannot be made, belongs to somebody else, or cannot be reached by the
        users that work in it.
    """
    try:
        _make(at.home)
    except OSError as error:
        raise DatabaseError("home", home=at.home, reason=error.strerror) from None
    check_owner(at)
    for account in {at.server, at.service} if os.geteuid() == 0 else ():
        test = subprocess.run(["test", "-x", at.home], cwd="/", check=False, **account.run_as())
        if test.returncode:
            raise DatabaseError("home_unreachable", home=at.home, user=account.name)


def check_owner(at: Place) -> None:
    """Refuse the home of another user; root too keeps to its own."""
    if at.home.stat().st_uid != os.geteuid():
        raise DatabaseError("home_of_other", home=at.home)


def _make(path: Path) -> None:
    for missing in reversed([p for p in (path, *path.parents) if not p.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o755)  # whatever the umask: the server's user must pass


def private_directory(path: Path, owner: Account, *before: Account) -> None:
    """Make ``path`` a directory that only ``owner`` enters; it may have been one of ``before``'s.

    Raises
    ------
    DatabaseError
        It belongs to somebody else, or is a link.
    """
    path.mkdir(mode=0o700, exist_ok=True)
    owners = {os.geteuid(), owner.uid, *(account.uid for account in before)}
    if path.is_symlink() or path.stat().st_uid not in owners:
        raise DatabaseError("home_of_other", home=path)
    owner.owns(path, 0o700)
