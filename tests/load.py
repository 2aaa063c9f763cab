"""How many learners one computer carries: `python -m tests.load [N ...]`.

N learners at once, each a process of its own with two kernels: one runs lesson 04, open as a class
gets it, the other runs a board in a panel at the pace of the clock. Measured: memory a learner,
shared pages counted once (PSS), seconds until the last lesson is done, processor seconds a learner,
and whether the boards kept up. Figures for other numbers are computed from those, and say so.
docs/server.md has a run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

import nbclient
import nbformat
import psutil

from tinyml_course.shipped import LESSONS
from tinyml_course.table import Table

LESSON = LESSONS / "04_quantization.ipynb"
SAMPLE_S = 2.0
TIMEOUT_S = 1800
WITHIN_S = 300.0  # what a room waits for a training without a complaint
PANEL = """
import time
from pathlib import Path
from tinyml_course.live.board import LiveBoard
news = []
board = LiveBoard("motion", "wio_terminal", lambda message, buffers: news.append(message))
board.build()
begun, cpu_s = time.monotonic(), time.process_time()
board.start()
while not Path("done").exists():
    time.sleep(0.5)
    board.post({"kind": "heartbeat"})
seconds = time.monotonic() - begun
board.stop()
cores = (time.process_time() - cpu_s) / seconds
Path("panel.txt").write_text(f"{board.snapshot()['time_s'] / seconds} {cores}")
"""


@dataclass(frozen=True)
class Learner:
    """What one learner's process tells of itself: `board_cores` is what its board kept busy."""

    seconds: float
    cpu_s: float
    pace: float
    board_cores: float


@dataclass(frozen=True)
class Load:
    """N learners at once.

    Attributes:
        done: how many lessons ran to their end.
        seconds: until the last was done.
        pss_bytes, rss_bytes: of all together, at the moment of the most.
        cpu_s: of one learner, the mean.
        board_cores: processors that one board kept busy while it ran, the mean.
        pace: of the slowest board, of the clock's; 1 is as fast as it should be.
        others: how many processors everything else kept busy meanwhile.
    """

    learners: int
    done: int
    seconds: float
    pss_bytes: int
    rss_bytes: int
    cpu_s: float
    board_cores: float
    pace: float
    others: float

    @property
    def lesson_cpu_s(self) -> float:
        """Of one learner without the running board: it takes as long as the lesson does."""
        return max(self.cpu_s - self.board_cores * self.seconds, 1.0)


def live_as_learner(folder: Path) -> None:
    """Run the lesson and a board beside it; leave what was measured in `folder`."""
    os.chdir(folder)
    lesson = nbformat.read(LESSON, 4)
    panel = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PANEL)])
    begun, seconds = time.monotonic(), 0.0

    async def learn() -> None:
        nonlocal seconds
        try:
            await nbclient.NotebookClient(lesson, timeout=TIMEOUT_S).async_execute()
            seconds = time.monotonic() - begun
        finally:
            Path("done").touch()

    async def both() -> None:
        watch = nbclient.NotebookClient(panel, timeout=TIMEOUT_S).async_execute()
        await asyncio.gather(learn(), watch)

    asyncio.run(both())
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in used)
    pace, cores = map(float, Path("panel.txt").read_text().split())
    Path("learner.json").write_text(json.dumps(asdict(Learner(seconds, cpu_s, pace, cores))))


def measure_memory(roots: list[psutil.Process]) -> tuple[int, int]:
    """PSS and RSS of these processes and all below them."""
    pss = rss = 0
    for root in roots:
        try:
            family = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        for process in family:
            try:
                memory = process.memory_full_info()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            pss, rss = pss + memory.pss, rss + memory.rss
    return pss, rss


def busy_s() -> float:
    """Processor seconds that this computer has worked since it was started."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system


def run_learners(count: int) -> Load:
    """Start `count` learners at once and wait for all of them."""
    with tempfile.TemporaryDirectory() as top:
        folders = [Path(top) / f"learner_{number}" for number in range(count)]
        begun, busy_before_s, processes = time.monotonic(), busy_s(), []
        for folder in folders:
            folder.mkdir()
            command = [sys.executable, "-m", "tests.load", "--learner", str(folder)]
            log = open(folder / "log", "wb")  # noqa: SIM115
            processes.append(subprocess.Popen(command, stdout=log, stderr=log))
            log.close()
        roots = [psutil.Process(process.pid) for process in processes]
        most = (0, 0)
        while any(process.poll() is None for process in processes):
            most = max(most, measure_memory(roots))
            time.sleep(SAMPLE_S)
        seconds, all_busy_s = time.monotonic() - begun, busy_s() - busy_before_s
        told = [f / "learner.json" for f in folders if (f / "learner.json").exists()]
        learners = [Learner(**json.loads(path.read_text())) for path in told]
        for folder in folders:
            if not (folder / "learner.json").exists():
                print((folder / "log").read_text(errors="replace")[-2000:], file=sys.stderr)
    done = [one for one in learners if one.seconds]
    return Load(
        learners=count,
        done=len(done),
        seconds=max((one.seconds for one in done), default=seconds),
        pss_bytes=most[0],
        rss_bytes=most[1],
        cpu_s=mean(one.cpu_s for one in learners) if learners else 0.0,
        board_cores=mean(one.board_cores for one in learners) if learners else 0.0,
        pace=min((one.pace for one in learners), default=0.0),
        others=max(all_busy_s - sum(one.cpu_s for one in learners), 0.0) / seconds,
    )


def render(loads: list[Load]) -> Table:
    """One row a run."""
    rows = tuple(
        (
            str(load.learners),
            str(load.done),
            f"{load.seconds:.0f}",
            f"{load.lesson_cpu_s:.0f}",
            f"{load.board_cores:.2f}",
            f"{load.pss_bytes / load.learners / 1e9:.2f}",
            f"{load.rss_bytes / load.learners / 1e9:.2f}",
            f"{load.pace:.0%}",
            f"{load.others:.1f}",
        )
        for load in loads
    )
    header = (
        "learners",
        "done",
        "last done, s",
        "CPU s each",
        "cores a board",
        "PSS each, GB",
        "RSS each, GB",
    )
    return Table((*header, "slowest board", "others' cores"), rows)


def extrapolate(load: Load, learners: int, cores: int) -> tuple[float, float | None]:
    """Memory in GB and seconds for `learners`, computed from a run of fewer.

    Memory: each takes what each took. Seconds: every board keeps its part of the processors busy,
    the rest is for the lessons; None where the boards leave nothing. Nothing else runs.
    """
    gb = learners * load.pss_bytes / load.learners / 1e9
    left = cores - learners * load.board_cores
    return gb, learners * load.lesson_cpu_s / left if left > 0 else None


def find_knee(load: Load, cores: int) -> float:
    """How many learners keep all processors busy, if nothing else runs; more make all wait.

    Of each, the lesson and the board: a lesson keeps one processor busy while it runs.
    """
    return cores / (1 + load.board_cores)


def find_cores(load: Load, learners: int, within_s: float) -> float:
    """Processors with which the last of `learners` is done `within_s`, if nothing else runs."""
    return learners * (load.board_cores + load.lesson_cpu_s / within_s)


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", metavar="N", help="learners at once [1 10]")
    parser.add_argument("--learner", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--computed", type=int, default=30, help="computed for so many [30]")
    options = parser.parse_args()
    if options.learner:
        live_as_learner(options.learner)
        return 0
    cores = psutil.cpu_count() or 1
    before = os.getloadavg()[0]
    memory = psutil.virtual_memory().total / 1e9
    print(f"{platform.machine()}, {cores} cores, {memory:.0f} GB; load before: {before:.1f}")
    loads = [run_learners(count) for count in sorted(options.counts or [1, 10])]
    print(render(loads))
    largest, many = loads[-1], options.computed
    print(f"the knee: {find_knee(largest, cores):.1f} learners keep {cores} cores busy")
    gb, seconds = extrapolate(largest, many, cores)
    done = "never: their boards alone keep all cores busy"
    if seconds is not None:
        done = f"the last done after {seconds / 60:.0f} min"
    need = find_cores(largest, many, WITHIN_S)
    print(f"computed from {largest.learners}, not measured, and if nothing else runs:")
    print(f"  {many} learners take {gb:.1f} GB; with {cores} cores {done};")
    print(f"  for the last to be done within {WITHIN_S / 60:.0f} min they need {need:.0f} cores")
    return 0 if all(load.done == load.learners for load in loads) else 1


if __name__ == "__main__":
    sys.exit(main())
