"""`make check`: what CI runs beside the tests, from `python -m launch.check`. It needs no servers and no network."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from launch.folder import ROOT

TOOLS = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]


def main() -> int:
    """Run every check, also after one has failed; returns the exit status."""
    with tempfile.TemporaryDirectory() as var:
        environ = {**os.environ, **production(var)}
        failed = [name for name, command in checks() if not passes(name, command, environ)]
    sys.stdout.write(f"Failed: {', '.join(failed)}\n" if failed else "All checks pass.\n")
    return 1 if failed else 0


def checks() -> list[tuple[str, Sequence[str]]]:
    templates = [str(path) for path in sorted(ROOT.joinpath("templates").rglob("*.html"))]
    # Without a database Django warns that it cannot compare the migrations with what is applied, which is not asked.
    quiet_manage = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]
    return [
        ("format", [str(TOOLS / "ruff"), "format", "--check", "--output-format", "concise"]),
        ("lint", [str(TOOLS / "ruff"), "check", "--quiet", "--output-format", "concise"]),
        ("templates", [str(TOOLS / "djade"), "--check", "--target-version", "5.2", *templates]),
        ("types", [str(TOOLS / "mypy"), "--no-error-summary"]),
        ("migrations", [*quiet_manage, "makemigrations", "--check", "--dry-run"]),
        ("deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
    ]


def production(var: str) -> dict[str, str]:
    """Settings like those of a site in production; nothing listens at the addresses."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://news.example.com",
        "EXTRA_HOSTS": "",
        "DATABASE_URL": "postgres://forecourt@127.0.0.1:1/forecourt",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "VAR_DIR": var,
        "MEDIA_ROOT": f"{var}/media",
        "QUOTES": "none",
        "FINNHUB_KEY": "",
        "INDEXNOW_KEY": "",
        "WEBSUB_HUB": "",
    }


def passes(name: str, command: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Run one check; what it says is shown when it fails."""
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    sys.stdout.write(f"{name:<12} {'ok' if done.returncode == 0 else 'FAILED'}\n")
    if done.returncode != 0:
        sys.stdout.write(done.stdout + done.stderr)
    sys.stdout.flush()
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
