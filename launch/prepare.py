"""`python -m launch.prepare`: tables, static files and the demo newsroom.

One process does all three, and static files are only collected after a change, since a start of Forecourt waits for
this: each start of Django costs a second, and so does the collecting.
"""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from launch.folder import ROOT
from launch.site import LOGIN


def main(run: Path) -> int:
    """Prepare the site; `run` is the folder of the current run. Returns the exit status."""
    django.setup()
    try:
        call_command("migrate", verbosity=0)
        collect_static_files()
        call_command("demo", if_empty=True)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if get_user_model().objects.filter(email=os.environ["EDITOR_EMAIL"], is_active=True).exists():
        (run / LOGIN).touch()
    else:  # Its owner has left the demo.
        (run / LOGIN).unlink(missing_ok=True)
    return 0


def collect_static_files() -> None:
    note = Path(settings.STATIC_ROOT).with_suffix(".fingerprint")
    wanted = fingerprint()
    if not Path(settings.STATIC_ROOT).is_dir() or not note.exists() or note.read_text() != wanted:
        call_command("collectstatic", interactive=False, verbosity=0)
        note.write_text(wanted)


def fingerprint() -> str:
    """A digest that changes with any static file of the project or its packages, and with how they are bundled."""
    files = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    digest = hashlib.sha256()
    for file in (ROOT / "config/staticfiles.py", *map(Path, sorted(files))):
        stat = file.stat()
        digest.update(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
