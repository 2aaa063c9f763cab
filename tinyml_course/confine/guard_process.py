"""Waits for the end of the process that started it, and ends what that one left running.

Started by `guard.py` as a program of its own, without the package: standard library only. Lines on
stdin: `+p PID` and `-p PID`, a compiler's process group that began and ended; `+d HEX` and
`-d HEX`, a temporary folder. Stdin ends when the other process does, also on SIGKILL.
"""

import os
import sys


def main() -> None:
    """Note what the parent says on the pipe; when the pipe ends, end and remove what is left."""
    groups: set[int] = set()
    folders: set[str] = set()
    for line in sys.stdin.buffer:
        kind, text = line.decode("ascii").split()
        chosen, value = (groups, int(text)) if kind[1] == "p" else (folders, bytes.fromhex(text))
        (chosen.add if kind[0] == "+" else chosen.discard)(value)
    # Imported when there is something to do: mostly there is not, and each build starts this file.
    import shutil
    import time

    for group in groups:
        end_group(group)
    for folder in folders:
        # A process takes a moment to die, and may write until then.
        for _ in range(50):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.exists(folder):
                break
            time.sleep(0.02)


def end_group(group: int) -> None:
    """End a process and all that it started; one that is gone already is no error."""
    import signal
    import subprocess

    if os.name == "nt":
        subprocess.call(["taskkill", "/T", "/F", "/PID", str(group)])
        return
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main()
