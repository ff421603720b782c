"""Becomes another command, tied to its parent: `python tether.py SIGNAL PARENT ACCOUNT command…`.

The command gets SIGNAL when the process PARENT ends, even by kill -9 (Linux; elsewhere the pid files find it at the
next start). ACCOUNT is `-` for the account we run under; as root, `ns:UID:GID` puts the command in a user namespace in
which root is called UID, and `real:UID:GID` gives root up for good. It runs as a plain script, on the standard library
only, so that it costs a few milliseconds. Exit status 125: the command was not started.
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOT_STARTED = 125


def main(signal_number: int, parent: int, account: str, command: list[str]) -> None:
    """Take the account, tie to the parent, become the command. The account comes first: changing it unties."""
    kind, _, ids = account.partition(":")
    if kind == "ns":
        enter_namespace(*map(int, ids.split(":")))
    elif kind == "real":
        give_up_root(*map(int, ids.split(":")))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # It ended before we were tied to it.
            sys.exit(NOT_STARTED)
    os.execvp(command[0], command)  # noqa: S606 - the caller chose the command.


def enter_namespace(uid: int, gid: int) -> None:
    """Let the kernel call root UID from here on. Files keep their owner, so no folder has to be opened to anybody."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not allowed")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1")


def give_up_root(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
    except OSError as error:
        sys.stderr.write(f"{sys.argv[4]}: {error}\n")
        sys.exit(NOT_STARTED)
