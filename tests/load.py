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

import nbclient
import nbformat
import psutil

from tinyml_course.shipped import LESSONS
from tinyml_course.table import Table

LESSON = LESSONS / "04_quantization.ipynb"
SAMPLE_S = 2.0
TIMEOUT_S = 1800
PANEL = """
import time
from pathlib import Path
from tinyml_course.live.board import LiveBoard
news = []
board = LiveBoard("motion", "wio_terminal", lambda message, buffers: news.append(message))
board.build()
begun = time.monotonic()
board.start()
while not Path("done").exists():
    time.sleep(0.5)
    board.post({"kind": "heartbeat"})
seconds = time.monotonic() - begun
board.stop()
Path("panel.txt").write_text(f"{board.snapshot()['time_s'] / seconds} {len(news)}")
"""


@dataclass(frozen=True)
class Learner:
    """What one learner's process tells of itself."""

    seconds: float
    cpu_s: float
    pace: float


@dataclass(frozen=True)
class Load:
    """N learners at once.

    Attributes:
        done: how many lessons ran to their end.
        seconds: until the last was done.
        pss_bytes, rss_bytes: of all together, at the moment of the most.
        cpu_s: of one learner, the mean.
        pace: of the slowest board, of the clock's; 1 is as fast as it should be.
        others: how many processors everything else kept busy meanwhile.
    """

    learners: int
    done: int
    seconds: float
    pss_bytes: int
    rss_bytes: int
    cpu_s: float
    pace: float
    others: float


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
    pace = float(Path("panel.txt").read_text().split()[0])
    Path("learner.json").write_text(json.dumps(asdict(Learner(seconds, cpu_s, pace))))


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
        cpu_s=sum(one.cpu_s for one in learners) / max(len(learners), 1),
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
            f"{load.cpu_s:.0f}",
            f"{load.pss_bytes / load.learners / 1e9:.2f}",
            f"{load.rss_bytes / load.learners / 1e9:.2f}",
            f"{load.pace:.0%}",
            f"{load.others:.1f}",
        )
        for load in loads
    )
    header = ("learners", "done", "last done, s", "CPU s each", "PSS each, GB", "RSS each, GB")
    return Table((*header, "slowest board", "others' cores"), rows)


def find_knee(alone: Load, cores: int) -> float:
    """How many learners keep all processors busy: each further one makes all wait longer.

    A learner alone keeps `cpu_s / seconds` of a processor busy. Right only where nothing else ran.
    """
    return cores * alone.seconds / (alone.learners * alone.cpu_s)


def extrapolate(largest: Load, learners: int, cores: int) -> tuple[float, float]:
    """Memory in GB and seconds for `learners`, computed from a run of fewer.

    Memory: each takes what each took. Seconds: above the knee, the processors' time divided by
    their number, and nothing else runs.
    """
    gb = learners * largest.pss_bytes / largest.learners / 1e9
    return gb, learners * largest.cpu_s / cores


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
    fewest, largest = loads[0], loads[-1]
    knee = fewest.learners * find_knee(fewest, cores)
    print(f"the knee: {knee:.1f} learners keep {cores} cores busy, if nothing else runs")
    gb, seconds = extrapolate(largest, options.computed, cores)
    print(
        f"{options.computed} learners, computed from {largest.learners}: {gb:.1f} GB, "
        f"the last done after {seconds / 60:.1f} min if nothing else runs. Not measured"
    )
    return 0 if all(load.done == load.learners for load in loads) else 1


if __name__ == "__main__":
    sys.exit(main())
