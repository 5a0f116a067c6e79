"""The settings of a private cluster: written anew at each start, so they always equal this file."""

import os
from collections.abc import Mapping
from pathlib import Path

from .place import Place

MEGABYTE = 1024 * 1024

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "lc_messages": "C",
    # no query here gains from compiled expressions, and per-row checks lose minutes to them
    "jit": "off",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    # an import writes everything once: few, spread checkpoints
    "max_wal_size": "2GB",
    "min_wal_size": "160MB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "logging_collector": "on",
    "log_filename": "postgresql-%Y%m%d-%H%M%S.log",
    "log_rotation_size": "10MB",
    "log_rotation_age": "0",
    "log_file_mode": "0600",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    # values may be personal data: statements are logged without them
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}

ACCESS = """\
local all         yige_admin peer map=yige
local replication yige_admin peer map=yige
local all         all        scram-sha-256
"""


def write(at: Place, more: Mapping[str, str]) -> None:
    """Write the settings and who may log in; ``more`` overrides ``SETTINGS``."""
    values = {**SETTINGS, **_memory(), **_directories(at), **more}
    _put(at, "yige.conf", "".join(f"{name} = {_quote(values[name])}\n" for name in values))
    _put(at, "pg_hba.conf", ACCESS)
    admins = dict.fromkeys(["root", at.server.name])
    _put(at, "pg_ident.conf", "".join(f'yige "{name}" yige_admin\n' for name in admins))


def _memory() -> dict[str, str]:
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEGABYTE
    values = {
        "shared_buffers": f"{min(max(total // 16, 128), 1024)}MB",
        "effective_cache_size": f"{max(total // 2, 512)}MB",
    }
    if _shared_memory() < 256:  # containers give 64 MB; parallel queries would fail there
        values["dynamic_shared_memory_type"] = "mmap"
    return values


def _shared_memory() -> int:
    try:
        stat = os.statvfs("/dev/shm")
    except OSError:
        return 0
    return stat.f_bavail * stat.f_frsize // MEGABYTE


def _directories(at: Place) -> dict[str, str]:
    return {"log_directory": str(at.log), "unix_socket_directories": f'"{at.socket}"'}


def _quote(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _put(at: Place, name: str, text: str) -> None:
    path: Path = at.data / name
    path.write_text(text, "utf-8")
    at.server.owns(path, 0o600)
