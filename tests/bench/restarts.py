"""A server that can be restarted in the middle of things."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack


class Server:
    """Runs from its making to `stop`. It must be restarted by the thread that made it, as it ends with that."""

    def __init__(self, run: Callable[[], AbstractContextManager[str]]) -> None:
        self._run = run
        self.start()

    def start(self) -> None:
        self._stack = ExitStack()
        self.url = self._stack.enter_context(self._run())

    def stop(self) -> None:
        self._stack.close()

    def restart(self) -> None:
        self.stop()
        self.start()
