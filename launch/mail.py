"""Catches every mail that the local site sends: `python -m launch.mail FOLDER SMTP-PORT READER-PORT`.

SMTP on one loopback port, into one file for each message; a reader for the browser on the other (`mail_reader.py`).
"""

import asyncio
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from launch.mail_reader import reader
from launch.mailbox import Mailbox
from launch.ports import LOOPBACK


class Catch:
    """aiosmtpd's handler: keeps what it is given."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name.
        try:
            self._mailbox.store(envelope.mail_from, envelope.rcpt_tos, envelope.original_content)
        except OSError as error:
            return f"452 4.3.1 The mail could not be kept: {error.strerror}"
        return "250 2.0.0 Kept"


async def serve(mailbox: Mailbox, smtp_port: int, reader_port: int) -> None:
    """Serve both until SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    web = reader(mailbox, reader_port)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    smtp = await loop.create_server(lambda: SMTP(Catch(mailbox), enable_SMTPUTF8=True, loop=loop), LOOPBACK, smtp_port)
    await stopped.wait()
    smtp.close()
    web.shutdown()
    web.server_close()


if __name__ == "__main__":
    asyncio.run(serve(Mailbox(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])))
