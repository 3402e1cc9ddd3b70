"""Set up ``.venv`` beside the sources: locked packages, the ``paidan`` command, compiled kernels.

Runs on the standard library of Python 3.11 alone. ``setup.py run`` is what the demo needs, ``test`` adds what the tests
need, ``bench`` the other engines. uv does the work where it is on the path or can be had into ``.tools``; else venv and
pip do, from the exported lock files with hashes. ``PAIDAN_SETUP=pip`` goes that way at once, for those whose mirror
pip knows. What has been set up is written to ``.venv/paidan-setup.json``: a second run compares and returns.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = VENV / "paidan-setup.json"
LEVELS = ("run", "test", "bench")
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock", "bench": "requirements-bench.lock"}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UV_PIN = "uv>=0.13,<0.14"


class SetupError(Exception):
    """Set-up cannot go on; the message is one line that says what to type."""


def say(text: str) -> None:
    """Tell the person who is waiting what is going on."""
    print(f"· {text}", flush=True)


def clean_environment() -> dict[str, str]:
    """Return the environment without what points to other projects' packages."""
    dropped = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_INDEX", "UV_EXTRA_INDEX_URL"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    path = f"{VENV / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}"  # pip looks there for the build program
    return kept | {"PATH": path, "UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(command: list[str | Path], *, quiet: bool = False) -> bool:
    """Run a command in the project's folder; return whether it succeeded."""
    output = subprocess.DEVNULL if quiet else None
    try:
        finished = subprocess.run(command, cwd=ROOT, env=clean_environment(), check=False, stdout=output, stderr=output)
    except OSError:
        return False
    return finished.returncode == 0


def python_of(venv: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return venv / "bin" / "python"


def digest(*files: Path) -> str:
    """Return a hash over the names and contents of ``files``."""
    seen = hashlib.sha256()
    for file in files:
        seen.update(f"{file.relative_to(ROOT)}\n".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()


def packages_key() -> str:
    """Return what the installed packages depend on: the locks, this script, where we are, which Python."""
    locks = [ROOT / "pyproject.toml", ROOT / "uv.lock", Path(__file__).resolve()]
    return f"{digest(*locks)} {ROOT} {sys.version}"


def kernels_key() -> str:
    """Return what the compiled kernels depend on: Numba looks at times and sizes, so do we."""
    sources = sorted((ROOT / "solver").rglob("*.py"))
    return " ".join(f"{file.name}:{file.stat().st_mtime_ns}:{file.stat().st_size}" for file in sources)


def read_stamp() -> dict[str, object]:
    """Return what earlier set-ups left behind; nothing when there was none, or it cannot be read."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and python_of(VENV).exists() else {}


def find_uv() -> Path | None:
    """Find uv on the path or in ``.tools``; else try to get it there. Nothing of the user's system is touched."""
    if os.environ.get("PAIDAN_SETUP") == "pip":
        return None
    on_path = shutil.which("uv")
    if on_path and run([on_path, "--version"], quiet=True):
        return Path(on_path)
    private = TOOLS / "bin" / "uv"
    if private.exists() and run([private, "--version"], quiet=True):
        return private
    if importlib.util.find_spec("ensurepip") is not None:
        say("getting uv into .tools (it sets up in seconds what takes pip minutes)")
        made = run([sys.executable, "-m", "venv", "--clear", TOOLS], quiet=True)
        if made and run(
            [python_of(TOOLS), "-m", "pip", "install", "-qq", "--only-binary", ":all:", UV_PIN], quiet=True
        ):
            return private
        shutil.rmtree(TOOLS, ignore_errors=True)
    return None


def install_by_uv(uv: Path, levels: list[str]) -> bool:
    """Bring ``.venv`` to the locked versions by uv; where its own certificates fail, with the system's."""
    extras = [part for level in levels if level != "run" for part in ("--extra", level)]
    python = [] if python_of(VENV).exists() else ["--python", sys.executable]
    sync = [uv, "sync", "--frozen", "--no-progress", "--quiet", *python, *extras]
    return run(sync, quiet=True) or run([*sync, "--system-certs"])


def install_by_pip(levels: list[str]) -> None:
    """Bring ``.venv`` to the locked versions by venv and pip, every file checked against its hash."""
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(f"Python's venv module is missing. Type: sudo apt-get install python{version}-venv")
    if not python_of(VENV).exists() and not run([sys.executable, "-m", "venv", "--clear", VENV]):
        raise SetupError(f"No virtual environment could be made in {VENV}. Is the disk full, or the folder read-only?")
    python = python_of(VENV)
    if not run([python, "-m", "pip", "--version"], quiet=True) and not run([python, "-m", "ensurepip"], quiet=True):
        raise SetupError("pip is missing from .venv. Type: make clean, then try again")
    for level in levels:
        say(f"installing {LOCKS[level]} by pip (minutes, the first time)")
        if not run([python, "-m", "pip", "install", "-qq", "--require-hashes", "-r", LOCKS[level]]):
            raise SetupError("pip could not install the packages (see above). Is the network there? Then try again")
    if not run([python, "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation", "--editable", "."]):
        raise SetupError("pip could not install paidan itself (see above). Type: make clean, then try again")


def install(levels: list[str], *, fresh: bool) -> None:
    """Install the locked packages for ``levels``; ``fresh`` begins with an empty ``.venv``."""
    if fresh and VENV.exists():
        shutil.rmtree(VENV)
    say(f"installing the locked packages into .venv ({', '.join(levels)})")
    uv = find_uv()
    if uv is not None:
        if install_by_uv(uv, levels):
            return
        say("uv could not do it (see above): trying venv and pip")
        shutil.rmtree(VENV, ignore_errors=True)
    install_by_pip(levels)


def warm() -> None:
    """Compile Python's byte code and the kernels, so that the first plan starts at once."""
    say("compiling (some three minutes, the first time)")
    python = python_of(VENV)
    run([python, "-m", "compileall", "-q", "dispatch", "solver", "web"], quiet=True)
    if (ROOT / "solver" / "warm.py").exists() and not run([python, "-m", "solver.warm"]):
        raise SetupError("The kernels could not be compiled (see above). Type: make clean, then try again")


def get_chromium() -> None:
    """Install Chromium and a Chinese font by apt when we are root and it is missing; else leave it be."""
    if any(shutil.which(name) for name in CHROMIUM) or os.environ.get("PAIDAN_CHROMIUM"):
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    say("installing chromium and fonts-noto-cjk by apt, for the browser tests")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    wanted = ["chromium", "fonts-noto-cjk"]
    if not run(["apt-get", "update", "-qq"], quiet=True) or not run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted], quiet=True
    ):
        say("apt could not install them: the browser tests will be skipped")


def set_up(level: str) -> None:
    """Do what is still missing for ``level``."""
    stamp = read_stamp()
    same = stamp.get("packages") == packages_key()
    had = stamp.get("levels")
    old = [name for name in LEVELS if isinstance(had, list) and name in had]
    levels = [name for name in LEVELS if name in {"run", level, *old}]
    if not same or level not in old:
        moved = not str(stamp.get("packages", "")).endswith(f"{ROOT} {sys.version}")
        install(levels, fresh=moved)
        stamp = {"packages": packages_key(), "levels": levels}
        STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    if stamp.get("kernels") != kernels_key():
        warm()
        stamp["kernels"] = kernels_key()
        STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    if level == "test":
        get_chromium()


def main(arguments: list[str]) -> int:
    """Set up for the purpose named in ``arguments``; return the exit status."""
    if len(arguments) != 1 or arguments[0] not in LEVELS:
        print(f"usage: setup.py {'|'.join(LEVELS)}", file=sys.stderr)
        return 2
    try:
        set_up(arguments[0])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
