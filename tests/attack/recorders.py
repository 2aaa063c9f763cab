"""`tinyml record` as a process of its own, ended in any case."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path


class Recorder:
    """Use it in a `with` block; what it said is in `said()`."""

    def __init__(self, url: str, out: Path | str, seconds: float, before: str = "") -> None:
        """`before` is Python that runs first, for instance to make the disk small."""
        self._log = Path(f"{url}.{time.monotonic_ns()}.log")
        main = "from tinyml_course.cli.main import main; sys.exit(main())"
        record = ["record", url, "--label", "walk", "--subject", "ann"]
        with open(self._log, "wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    f"import sys\n{before}\n{main}",
                    *record,
                    "--seconds",
                    str(seconds),
                    "--out",
                    str(out),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGKILL)
        self._log.unlink()

    def end(self, how: signal.Signals) -> int:
        """Send it a signal and wait for its end: the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(20)

    def wait(self, seconds: float = 600) -> int:
        """Wait for its end: the exit code."""
        return self.process.wait(seconds)

    def said(self) -> str:
        """All that it printed; of the progress, the last of each line."""
        text = self._log.read_text(errors="replace")
        return "\n".join(line.rpartition("\r")[2] for line in text.split("\n")).strip()
