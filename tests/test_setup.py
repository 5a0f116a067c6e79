"""The start script and the command line, up to where the work begins."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sql.cluster.place import CHECKOUT
from web import cli
from web.commands import setup
from web.i18n import LANGUAGES, t, texts, translate

SOURCES = sorted(p for top in ("sql", "web") for p in (CHECKOUT / top).rglob("*.py"))


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "web.cli", *arguments],
        cwd="/", env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environ},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_languages_say_the_same_with_the_same_values() -> None:
    zh, en = (texts(language) for language in LANGUAGES)
    assert zh.keys() == en.keys()
    for key in zh:
        assert sorted(re.findall(r"{(\w+)", zh[key])) == sorted(re.findall(r"{(\w+)", en[key])), key


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_every_text_that_code_names_is_there(path: Path) -> None:
    code = path.read_text("utf-8")
    named = re.findall(r"""\b(?:t|say)\(\s*"([\w.]+)\"""", code)
    named += [f"error.{key}" for key in re.findall(r"""DatabaseError\(\s*"(\w+)\"""", code)]
    named += [f"setup.{step.key}" for step in setup.STEPS]
    assert [key for key in named if key not in texts("zh")] == []


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        t("no.such.text")
    with pytest.raises(KeyError):
        t("error.no_program")


def test_chinese_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIGE_LANG", raising=False)
    assert t("db.stopped") == translate("zh", "db.stopped")
    monkeypatch.setenv("YIGE_LANG", "en_GB.UTF-8")
    assert t("db.stopped") == translate("en", "db.stopped")
    monkeypatch.setenv("YIGE_LANG", "fr")
    assert t("db.stopped") == translate("zh", "db.stopped")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_there_and_has_help(name: str) -> None:
    if name == "test":
        pytest.skip("its arguments are pytest's, --help too")
    for language in LANGUAGES:
        shown = run("--lang", language, name, "--help")
        assert shown.returncode == 0, shown.stderr
        assert translate(language, f"help.{name}") in re.sub(r"\s+", " ", shown.stdout)


@pytest.mark.parametrize("arguments", [["nonsense"], ["db", "nonsense"], ["up", "--port", "x"]])
def test_wrong_usage_is_one_line(arguments: list[str]) -> None:
    shown = run(*arguments)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert len(shown.stderr.splitlines()) == 1
    assert shown.stderr.startswith(texts("zh")["error.usage"].partition("{")[0])


def test_light_commands_load_nothing_heavy() -> None:
    program = (
        "import sys; from web.cli import main; main(['db', 'status', '--json']);"
        "print(sorted({'numpy', 'numba', 'geopandas', 'flask', 'shapely'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    status, loaded = shown.stdout.splitlines()
    assert json.loads(status)["ours"] is True
    assert loaded == "[]"


def test_a_database_that_is_not_ours() -> None:
    shown = run("db", "stop", YIGE_DATABASE_URL="postgresql://u:secret@127.0.0.1:9/x")
    assert shown.returncode == 1
    assert shown.stderr == translate("zh", "error.not_ours") + "\n"
    shown = run(
        "--lang", "en", "db", "status", YIGE_DATABASE_URL="postgresql://u:secret@127.0.0.1:9/x"
    )
    assert shown.returncode == 1
    assert "secret" not in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


def test_setup_twice(tmp_path: Path) -> None:
    home = f"{os.environ['YIGE_HOME']}/setup"
    steps = [step for step in setup.STEPS if step.key != "demo"]
    for _ in range(2):
        shown = run("setup", "--empty", YIGE_HOME=home)
        assert shown.returncode == 0, shown.stderr
        for number, step in enumerate(steps, 1):
            label = f"[{number}/{len(steps)}] {translate('zh', f'setup.{step.key}')}"
            assert label in shown.stdout
    status = json.loads(run("db", "status", "--json", YIGE_HOME=home).stdout)
    assert status["state"] == "stopped"


# the start script, in a checkout of its own with a stand-in for the environment


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a directory with the start script and an environment whose Python only echoes."""
    root = tmp_path / "检出 目录"
    (root / ".venv/bin").mkdir(parents=True)
    for name in ("yige", "requirements.lock", "requirements-test.lock"):
        (root / name).write_bytes((CHECKOUT / name).read_bytes())
        (root / name).chmod(0o755)
    python = root / ".venv/bin/python"
    python.write_text('#!/bin/bash\nprintf "%s\\n" "$PYTHONPATH" "$@"\n')
    python.chmod(0o755)
    stamp(root, "requirements.lock")
    return root


def stamp(root: Path, lock: str) -> None:
    script = f'cd "$1" && sha256sum <{lock} >.venv/{lock}.sha256'
    subprocess.run(["bash", "-c", script, "-", root], check=True)


def script(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", root / "yige", *arguments], cwd="/", env={**os.environ, **environ},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_script_hands_every_argument_over(checkout: Path) -> None:
    shown = script(checkout, "--lang", "en", "db", "psql", "-c", "SELECT '一 二'")
    handed = ["-P", "-m", "web.cli", "--lang", "en", "db", "psql", "-c", "SELECT '一 二'"]
    assert shown.stdout.splitlines() == [str(checkout), *handed]


def test_the_script_by_a_link(checkout: Path, tmp_path: Path) -> None:
    link = tmp_path / "yige"
    link.symlink_to(checkout / "yige")
    shown = subprocess.run([link, "status"], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[0] == str(checkout)


def test_a_changed_lock_needs_setup(checkout: Path) -> None:
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    shown = script(checkout, "db", "status")
    assert shown.returncode == 1
    assert f"{checkout}/yige setup" in shown.stderr


def test_locks_name_no_host_and_pin_by_hash() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        lines = (CHECKOUT / name).read_text("utf-8").splitlines()
        assert not [line for line in lines if "://" in line or line.startswith("-")], name
        pins = [line for line in lines if re.match(r"[a-z0-9]", line)]
        assert pins and all(re.fullmatch(r"[\w.\[\],-]+==[\w.]+ \\", line) for line in pins), name


def test_ci_runs_exactly_the_tests() -> None:
    assert "./yige test\n" in (CHECKOUT / ".ci/run").read_text()
    assert os.access(CHECKOUT / ".ci/run", os.X_OK)
    assert os.access(CHECKOUT / "yige", os.X_OK)
