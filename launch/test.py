"""`make test`: pytest on throw-away servers, from `python -m launch.test [pytest's arguments]`."""

import os
import signal
import subprocess
import sys

from launch.folder import ROOT
from launch.interrupts import Interrupts, Stop
from launch.ports import LOOPBACK
from launch.processes import tethered
from launch.run import reporting
from launch.servers import Servers, throw_away


def main(interrupts: Interrupts) -> None:
    """Run the suite; leaves with pytest's exit status."""
    with throw_away() as (folder, servers):
        try:
            status = run_pytest({**os.environ, **environment(str(folder), servers)})
        finally:
            interrupts.quiet()
    sys.exit(status)


def environment(folder: str, servers: Servers) -> dict[str, str]:
    """Fixed settings for every test; nothing that a shell has exported for a real site reaches the suite."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTEST_PLUGINS": "tests.workers",
        "DEBUG": "false",
        "SECRET_KEY": "a key for tests only, of no use to anybody, and long enough for Django",
        "SITE_URL": f"http://{LOOPBACK}:8000",
        "EXTRA_HOSTS": "testserver,localhost",
        "DATABASE_URL": servers.database_url,
        "REDIS_URL": servers.redis_url,
        "VAR_DIR": folder,
        "MEDIA_ROOT": f"{folder}/media",
        "EMAIL_URL": f"smtp://{LOOPBACK}:1",
        "QUOTES": "none",
        "FINNHUB_KEY": "",
        "INDEXNOW_KEY": "",
        "WEBSUB_HUB": "",
        # curl, which fetches quotes, opens sockets that the tests' guard does not see.
        "HTTPS_PROXY": f"http://{LOOPBACK}:1",
        "NO_PROXY": f"{LOOPBACK},localhost",
    }


def run_pytest(environ: dict[str, str]) -> int:
    """Run pytest to its end. It shares our terminal, so a Ctrl-C reaches it without us; any other signal we pass on."""
    spread = ["--numprocesses=auto", "--dist=worksteal"]
    command = tethered([sys.executable, "-m", "pytest", *spread, *sys.argv[1:]], signal.SIGINT)
    with subprocess.Popen(command, env=environ, cwd=ROOT) as pytest:  # noqa: S603 - it is pytest.
        try:
            return pytest.wait()
        except Stop as stop:
            patience = 5.0 if stop.number == signal.SIGINT else 0.1
            for number in (signal.SIGINT, signal.SIGKILL):
                try:
                    return pytest.wait(patience)
                except subprocess.TimeoutExpired:
                    pytest.send_signal(number)
                    patience = 10.0
            return pytest.wait()


if __name__ == "__main__":
    sys.exit(reporting(main))
