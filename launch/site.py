"""What `make run` runs: the commands that prepare the site, its processes, and the environment that all of them get."""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from launch.children import Child
from launch.folder import Folder
from launch.ports import LOOPBACK
from launch.servers import Servers

EDITOR_EMAIL = "editor@forecourt.example"
MANAGE = [sys.executable, "manage.py"]
# Files beside the pid files: the environment of a run that is up; and one that is there when the demo's editor is.
ENVIRON = "environ.json"
LOGIN = "login"


@dataclass(frozen=True)
class Ports:
    """Where it listens, all on the loopback interface: the site, the reader of the caught mail, and its SMTP server."""

    web: int
    reader: int
    smtp: int

    @property
    def site_url(self) -> str:
        return f"http://{LOOPBACK}:{self.web}"

    @property
    def reader_url(self) -> str:
        return f"http://{LOOPBACK}:{self.reader}"


@dataclass(frozen=True)
class Site:
    """Commands that must succeed first, then processes that run until the end."""

    prepare: Sequence[Sequence[str]]
    children: Sequence[Child]


def forecourt(folder: Folder, ports: Ports) -> Site:
    """The news site. Mail comes first, so that it is there when the worker finishes its last task."""
    prepare = [[sys.executable, "-m", "launch.prepare", str(folder.run)]]
    mail = [sys.executable, "-m", "launch.mail", str(folder.mail), str(ports.smtp), str(ports.reader)]
    calm = ["-W", "ignore:You're running the worker with superuser privileges"]  # As make run may be.
    # Pages come before pictures and mail where they share a processor.
    celery = ["nice", "-n", "5", sys.executable, *calm, "-m", "celery", "--app", "config", "--quiet"]
    worker = ["worker", "--queues", "quotes,mail,feeds,media,default", "--concurrency", "2", "--loglevel", "INFO"]
    alone = ["--without-gossip", "--without-mingle"]  # There is one worker, with nobody to talk to.
    memory = ["--max-memory-per-child", "400000"]  # KB
    clock = ["beat", "--schedule", str(folder.run / "beat"), "--pidfile=", "--loglevel", "WARNING"]
    return Site(
        prepare,
        [
            Child("mail", mail),
            Child("web", [sys.executable, "-m", "granian", *granian_options(folder, ports), "config.wsgi:application"]),
            # A warm shutdown would wait for ever for a Redis that ends when we do.
            Child("worker", [*celery, *worker, *alone, *memory], patience=20, orphaned=signal.SIGKILL),
            Child("clock", [*celery, *clock]),
        ],
    )


def granian_options(folder: Folder, ports: Ports) -> list[str]:
    listen = ["--interface", "wsgi", "--host", LOOPBACK, "--port", str(ports.web), "--no-ws"]
    threads = ["--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "3"]
    media = ["--static-path-route", "/media", "--static-path-mount", str(folder.media), "--static-path-expires", "3600"]
    return [*listen, *threads, *media, "--log-level", "warning"]


def environment(folder: Folder, ports: Ports, servers: Servers) -> dict[str, str]:
    """The variables that `config/settings.py` reads, and those of the demo. Ours win over what a shell has exported."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "false",
        "SECRET_KEY": folder.secret("SECRET_KEY", 50),
        "SITE_URL": ports.site_url,
        "EXTRA_HOSTS": "localhost",
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "VAR_DIR": str(folder.path),
        "MEDIA_ROOT": str(folder.media),
        "EMAIL_URL": f"smtp://{LOOPBACK}:{ports.smtp}",
        "QUOTES": os.environ.get("QUOTES") or "simulated",
        "EDITOR_EMAIL": EDITOR_EMAIL,
        "EDITOR_PASSWORD": folder.secret("EDITOR_PASSWORD", 12),
    }
