"""`python standin.py VAR [KIND]`: the launcher with stand-ins for the site's processes.

KIND `crash` has a worker that fails; `stubborn` one that outlives a killed launcher, as on a system without tethers.
"""

import signal
import sys
from pathlib import Path

from launch.children import Child
from launch.folder import Folder
from launch.run import reporting, run
from launch.site import Ports, Site

SLEEP = "import signal, sys; print('at work'); signal.pause()"
FAIL = "import sys, time; print('about to fail'); sys.stdout.flush(); time.sleep(0.5); sys.exit(3)"


def plan(folder: Folder, ports: Ports) -> Site:
    kind = sys.argv[2] if len(sys.argv) > 2 else ""
    web = Child("web", [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(ports.web)])
    worker = Child(
        "worker",
        [sys.executable, "-c", FAIL if kind == "crash" else SLEEP],
        orphaned=signal.SIGCONT if kind == "stubborn" else signal.SIGTERM,
    )
    return Site([[sys.executable, "-c", "print('prepared')"]], [web, worker])


sys.exit(reporting(lambda interrupts: run(Folder(Path(sys.argv[1])), plan, interrupts)))
