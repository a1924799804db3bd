"""Chromium for the tests: the system's, Debian's by apt as root, or unpacked beside the data.

Without root, Debian's packages are downloaded with an apt state of our own and unpacked under
`browser/`; a small wrapper tells Chromium where its libraries and the Chinese fonts are.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from linli.machine.environment import Environment
from linli.machine.errors import MachineError
from linli.machine.locks import locked
from linli.machine.telling import step

PACKAGES = ("chromium", "fonts-noto-cjk")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_DIRECTORIES = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk")

WRAPPER = """#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root="$here/root"
LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
FONTCONFIG_FILE="$here/fonts.conf"
XDG_DATA_DIRS="$root/usr/share:/usr/share"
export LD_LIBRARY_PATH FONTCONFIG_FILE XDG_DATA_DIRS
exec "$root/usr/lib/chromium/chromium" "$@"
"""

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{root}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>Noto Sans Mono CJK SC</family></prefer></alias>
</fontconfig>
"""


def install(env: Environment) -> Path:
    """The path of a Chromium that runs; installed first when there is none."""
    if env.chromium is not None:
        return _insist_runs(env.chromium)
    place = env.data_dir / "browser"
    wrapper = place / "chromium"
    found = _system_browser()
    if found is not None and _has_chinese_font():
        return found
    if wrapper.exists() and _runs(wrapper):
        return wrapper
    if shutil.which("apt-get") is None:
        if found is not None:
            return found
        raise MachineError("No Chromium is here: install one, or name it in LINLI_CHROMIUM.")
    place.mkdir(parents=True, exist_ok=True)
    with locked(place / "install.lock"):
        if os.geteuid() == 0:
            with step("installing Chromium and Chinese fonts"):
                _install_as_root()
            return _insist_runs(_system_browser() or Path("/usr/bin/chromium"))
        if not (wrapper.exists() and _runs(wrapper)):
            with step("unpacking Chromium and Chinese fonts"):
                _unpack(place)
        return _insist_runs(wrapper)


def _system_browser() -> Path | None:
    paths = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in paths if path and _runs(Path(path))), None)


def _has_chinese_font() -> bool:
    return any(Path(directory).is_dir() for directory in FONT_DIRECTORIES)


def _runs(program: Path) -> bool:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _insist_runs(program: Path) -> Path:
    if not _runs(program):
        raise MachineError("Chromium at {path} does not start.", path=program)
    return program


def _apt(*args: str, cwd: Path | None = None) -> str:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    done = subprocess.run(args, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MachineError(
            "{command} failed: {output}",
            command=" ".join(args[:2]),
            output=(done.stderr or done.stdout).strip(),
        )
    return done.stdout


def _install_as_root() -> None:
    install = ("apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES)
    try:
        _apt(*install)
    except MachineError:
        _apt("apt-get", "update", "-q")
        _apt(*install)


def _unpack(place: Path) -> None:
    """Download Chromium with what it misses here and unpack all of it; no root needed."""
    state, debs, root = place / "apt", place / "debs", place / "root"
    for directory in (state / "lists" / "partial", state / "cache" / "archives" / "partial", debs):
        directory.mkdir(parents=True, exist_ok=True)
    options = (
        "-o", f"Dir::State::Lists={state / 'lists'}",
        "-o", f"Dir::Cache={state / 'cache'}",
        "-o", "Debug::NoLocking=1",
        "-o", "APT::Sandbox::User=",
    )  # fmt: skip
    _apt("apt-get", *options, "update", "-q")
    plan = _apt(
        "apt-get", *options, "install", "--simulate", "-q", "--no-install-recommends", *PACKAGES
    )
    wanted = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
    # A package that is installed for the system is no part of the plan and needs no copy, but
    # the two we ask for must be in ours even then, for the wrapper names them.
    _apt("apt-get", *options, "download", "-q", *sorted({*wanted, *PACKAGES}), cwd=debs)
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for deb in sorted(debs.glob("*.deb")):
        _apt("dpkg", "-x", str(deb), str(root))
    shutil.rmtree(debs)
    shutil.rmtree(state)
    _write_wrapper(place, root)


def _write_wrapper(place: Path, root: Path) -> None:
    triplet = f"{platform.machine()}-linux-gnu"
    libraries = [
        *(f"usr/lib/{triplet}", f"lib/{triplet}", "usr/lib/chromium"),
        *(
            str(path.relative_to(root))
            for path in sorted((root / "usr/lib" / triplet).glob("*"))
            if path.is_dir() and any(path.glob("*.so*"))
        ),
    ]
    (place / "cache").mkdir(exist_ok=True)
    (place / "fonts.conf").write_text(FONTS.format(root=root, cache=place / "cache"))
    wrapper = place / "chromium"
    wrapper.write_text(
        WRAPPER.format(libraries=":".join(f"$root/{library}" for library in libraries))
    )
    wrapper.chmod(0o755)
