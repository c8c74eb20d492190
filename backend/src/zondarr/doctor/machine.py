"""The machine: folders, disk, files, and the built UI."""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

from zondarr.api.ui import FOLDER
from zondarr.config import Settings
from zondarr.core.startup_errors import explain
from zondarr.doctor.finding import Finding

MIB, GIB = 1 << 20, 1 << 30
ENOUGH = GIB
LITTLE = 100 * MIB
PROBE = MIB
"""Written and removed again: a quota or a limit shows only when it is reached."""
_OTHERS = 0o077


def check(settings: Settings) -> Generator[Finding]:
    yield check_folder(settings.data_dir)
    yield check_disk(settings.data_dir)
    if settings.secret_key is None and settings.secret_key_file is not None:
        yield check_key_file(settings.secret_key_file)
    yield _check_ui()


def check_folder(folder: Path) -> Finding:
    about = "data folder"
    if not folder.exists():
        sentence = f"{folder} does not exist yet; it is created at the first start."
        return Finding.ok(about, sentence)
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return Finding.trouble(
            about,
            f"{folder} cannot be written: {explain(error)}",
            "Give the user that runs Zondarr write access, or set ZONDARR_DATA_DIR.",
        )
    return Finding.ok(about, f"{folder} can be written.")


def check_disk(folder: Path) -> Finding:
    there = next(
        each
        for each in (folder.absolute(), *folder.absolute().parents)
        if each.exists()
    )
    free = shutil.disk_usage(there).free
    sentence = f"{_size(free)} free at {folder}."
    if free < LITTLE:
        advice = "Free some space: writes fail when the disk is full."
        return Finding.trouble("disk", sentence, advice)
    if free < ENOUGH:
        return Finding.note("disk", sentence, "Free some space before it is full.")
    return Finding.ok("disk", sentence)


def check_key_file(path: Path) -> Finding:
    about = "secret key"
    if not path.exists():
        return Finding.ok(about, f"{path} does not exist yet.")
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        return Finding.note(
            about,
            f"Other users may read {path} (mode {mode:o}).",
            f"chmod 600 {path}",
        )
    return Finding.ok(about, f"Only its owner may read {path}.")


def _check_ui() -> Finding:
    if (FOLDER / "index.html").is_file():
        return Finding.ok("UI", "It is built.")
    return Finding.note("UI", "It is not built.", "Run `make build` in the checkout.")


def _size(number: int) -> str:
    if number >= GIB:
        return f"{number / GIB:.1f} GiB"
    return f"{number / MIB:.0f} MiB"
