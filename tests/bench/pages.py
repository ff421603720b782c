"""`make bench`: the article page from the page cache beside nginx serving the same bytes as a file, in one run.

It starts the whole site on a folder of its own. It needs `wrk` and `nginx` (Debian: apt install wrk nginx-light).
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import redis

from launch.folder import ROOT
from launch.ports import free_ports_from
from launch.processes import noted_pid

ARTICLE = "/news/charger-demand-charges/"
ROUNDS, SECONDS = 5, 3
RUN = """
import sys
from pathlib import Path
from launch.folder import Folder
from launch.run import reporting, run
from launch.site import forecourt
sys.exit(reporting(lambda interrupts: run(Folder(Path(sys.argv[1])), forecourt, interrupts)))
"""
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log; {user} events {{}}
http {{ access_log off; default_type text/html; server {{ listen 127.0.0.1:{port}; root {folder}/root; }} }}
"""


def main() -> int:
    missing = [tool for tool in ("wrk", "nginx") if shutil.which(tool) is None]
    if missing:
        sys.stderr.write(f"Install {' and '.join(missing)} first (Debian: apt install wrk nginx-light).\n")
        return 1
    with tempfile.TemporaryDirectory() as name, site(Path(name)) as (url, worker):
        folder = Path(name)
        page = folder / "root" / ARTICLE.strip("/") / "index.html"
        page.parent.mkdir(parents=True)
        page.write_bytes(urlopen(url + ARTICLE).read())
        with nginx(folder) as static:
            report(url, static, worker)
        cost = cost_of_rendering(url, worker, folder / "var" / "run" / "environ.json")
        say(f"an article rendered afresh, packed and kept: {cost:.1f} ms of CPU (hold 4)")
    return 0


def report(url: str, static: str, worker: int) -> None:
    say(f"{'round':>5} {'cache/s':>9} {'nginx/s':>9} {'ratio':>6} {'CPU µs a page':>14}")
    ratios, costs = [], []
    for number in range(1, ROUNDS + 1):
        before = cpu_seconds(worker)
        ours, pages = load(url + ARTICLE)
        cost = (cpu_seconds(worker) - before) / pages * 1e6
        theirs, _ = load(static + ARTICLE)
        ratios.append(ours / theirs)
        costs.append(cost)
        say(f"{number:>5} {ours:>9,.0f} {theirs:>9,.0f} {ours / theirs:>6.2f} {cost:>14.1f}")
    middle = ROUNDS // 2
    say(f"median ratio {sorted(ratios)[middle]:.2f} (hold 0.4), CPU {sorted(costs)[middle]:.1f} µs (hold 60)")


def cost_of_rendering(url: str, worker: int, environ: Path) -> float:
    """Milliseconds of CPU for an article's page, when all pages are outdated as by each change of the newsroom."""
    kept = redis.Redis.from_url(json.loads(environ.read_text())["REDIS_URL"])
    articles = [article["url"] for article in json.loads(urlopen(f"{url}/feeds/latest.json").read())["items"]]
    spent = 0.0
    for _ in range(ROUNDS):
        kept.incr("pages:version")
        time.sleep(1.1)  # The process remembers a page for a second.
        before = cpu_seconds(worker)
        for article in articles:
            urlopen(article).read()
        spent += cpu_seconds(worker) - before
    return spent / ROUNDS / len(articles) * 1000


@contextmanager
def site(folder: Path) -> Iterator[tuple[str, int]]:
    """The running site: its address and the process that answers."""
    port = next(free_ports_from(38000))
    output = folder / "output"
    environ = {**os.environ, "PORT": str(port), "PYTHONPATH": str(ROOT)}
    with output.open("w") as said:
        command = [sys.executable, "-c", RUN, str(folder / "var")]
        process = subprocess.Popen(command, env=environ, stdout=said, stderr=said, cwd=ROOT)
    try:
        while "Ctrl-C stops it" not in output.read_text():
            if process.poll() is not None:
                raise SystemExit(output.read_text())
            time.sleep(0.2)
        time.sleep(30)  # The worker makes the pictures meanwhile, which is not what is measured.
        main_pid = noted_pid(folder / "var" / "run" / "web.pid")
        children = Path(f"/proc/{main_pid}/task/{main_pid}/children").read_text().split()
        yield f"http://127.0.0.1:{port}", int(children[0])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


@contextmanager
def nginx(folder: Path) -> Iterator[str]:
    port = next(free_ports_from(39000))
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(NGINX.format(folder=folder, port=port, user=user))
    process = subprocess.Popen(["nginx", "-c", str(config)])
    time.sleep(1)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def load(url: str) -> tuple[float, int]:
    """Requests a second and in all, over 16 connections."""
    done = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{SECONDS}s", url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        raise SystemExit(done)
    return float(re.findall(r"Requests/sec: +([\d.]+)", done)[0]), int(re.findall(r"(\d+) requests in", done)[0])


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
