"""Ctrl-C and kill: the first one stops us in order, a second Ctrl-C hurries it."""

import signal
import time
from types import FrameType


class Stop(BaseException):
    """Somebody asked us to stop. Raised in the main thread, so that what was started is stopped on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Interrupts:
    """Turns SIGINT, SIGTERM and SIGHUP into one `Stop`, or none after `quiet`, so that no clean-up is cut short."""

    def __init__(self) -> None:
        self.hurry = False
        self._quiet_since: float | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # As under nohup.
                signal.signal(number, self._arrived)

    def quiet(self) -> None:
        if self._quiet_since is None:
            self._quiet_since = time.monotonic()

    def _arrived(self, number: int, frame: FrameType | None) -> None:
        if self._quiet_since is None:
            self.quiet()
            raise Stop(number)
        # make passes a SIGTERM on to us that we may have had from elsewhere too, so only a later Ctrl-C means haste.
        if number == signal.SIGINT and time.monotonic() - self._quiet_since > 1:
            self.hurry = True
