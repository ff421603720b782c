"""`make run`: the whole of Forecourt on this machine, from `python -m launch.run`.

Servers first, then the database's tables and the demo, then the site's processes; Ctrl-C or SIGTERM stops them in
reverse. Everything listens on the loopback interface or in a private folder, and everything kept is in `var/`.
"""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from launch import LaunchError
from launch.children import Children, end_previous, in_words
from launch.folder import ROOT, Folder, write_private
from launch.interrupts import Interrupts, Stop
from launch.ports import answers, chosen_port, free_ports_from, require_free
from launch.processes import last_lines, running_pid
from launch.servers import kept
from launch.site import ENVIRON, LOGIN, Ports, Site, environment, forecourt


def run(folder: Folder, plan: Callable[[Folder, Ports], Site], interrupts: Interrupts) -> None:
    """Run the site that `plan` makes for the ports until it is stopped (`Stop`) or one of its processes ends."""
    port = chosen_port(os.environ.get("PORT") or "8000")
    folder.prepare()
    with folder.locked(f"http://127.0.0.1:{port} (process {os.getpid()})"):
        end_previous(folder)
        (folder.run / ENVIRON).unlink(missing_ok=True)
        require_free(port)
        free = free_ports_from(port + 1)
        ports = Ports(port, next(free), next(free))
        say("Starting Forecourt …")
        with kept(folder) as servers:
            try:
                run_site(folder, plan(folder, ports), ports, environment(folder, ports, servers), interrupts)
            finally:
                interrupts.quiet()


def run_site(folder: Folder, site: Site, ports: Ports, ours: Mapping[str, str], interrupts: Interrupts) -> None:
    environ, note = {**os.environ, **ours}, folder.run / ENVIRON
    for command in site.prepare:
        run_command(command, environ)
    write_private(note, json.dumps(ours))  # For `launch.manage`, from when the tables are there until we stop.
    children = Children(site.children, environ, folder, ROOT)
    announced = False

    def each_turn() -> None:
        nonlocal announced
        require_servers(folder)
        if not announced and answers(ports.web):
            announced = True
            say(banner(ports, ours, has_login=(folder.run / LOGIN).exists()))

    with children.running(interrupts):
        try:
            children.watch(each_turn)
        finally:
            note.unlink(missing_ok=True)
            say("Stopping …")


def require_servers(folder: Folder) -> None:
    """An error when a server of ours has ended, whose pid file is there until we stop it."""
    for name in ("postgres", "redis"):
        pid_file, log = folder.run / f"{name}.pid", folder.run / f"{name}.log"
        if pid_file.exists() and running_pid(pid_file) is None:
            raise LaunchError(f"{name} ended by itself, so the rest was stopped. Its log ends with:\n{last_lines(log)}")


def run_command(command: Sequence[str], environ: Mapping[str, str]) -> None:
    """Run a command to its end. It has a session of its own, so Ctrl-C reaches it through us."""
    status = subprocess.run(command, env=environ, cwd=ROOT, check=False, start_new_session=True).returncode  # noqa: S603
    if status != 0:
        raise LaunchError(f"“{' '.join(command[1:])}” failed ({in_words(status)}); what it said is above.")


def banner(ports: Ports, ours: Mapping[str, str], *, has_login: bool) -> str:
    login = [f"  login                {ours['EDITOR_EMAIL']}", f"  password             {ours['EDITOR_PASSWORD']}"]
    lines = [
        f"Forecourt is running:  {ports.site_url}/",
        f"Newsroom (admin):      {ports.site_url}/admin/",
        *(login if has_login else []),
        f"Mail it has sent:      {ports.reader_url}/",
        "Ctrl-C stops it. Your data stays in var/.",
    ]
    rule = "─" * max(map(len, lines))
    return "\n".join(["", rule, *lines, rule, ""])


def say(text: str) -> None:
    """Tell the terminal, which may have gone away."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return


def reporting(work: Callable[[Interrupts], None]) -> int:
    """Do the work of a command; returns its exit status, with one readable line for what a user can put right."""
    try:
        work(Interrupts())
    except Stop:
        return 0
    except LaunchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.stderr.write(f"The disk is full ({error.filename or ROOT}). Make room and start again.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(reporting(lambda interrupts: run(Folder(ROOT / "var"), forecourt, interrupts)))
