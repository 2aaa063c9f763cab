"""A board on a pseudo-terminal that behaves as badly as cables and boards do."""

import contextlib
import os
import threading
import time
from pathlib import Path

LONGEST_WAIT_S = 30
LONGEST_SET_UP_S = 2


def record_line(t_ms):
    """What the sketch `recorder` prints; the first axis says which record it is."""
    return f"t_ms:{t_ms},ax_g:{t_ms / 1e4 % 10:.4f},ay_g:-0.0312,az_g:0.9980\r\n".encode()


def numbered(number, t_ms=None):
    """A record that says which one it is: its first two axes are its number."""
    t_ms = 20 * number if t_ms is None else t_ms
    low, high = number % 10_000, number // 10_000
    return b"t_ms:%d,ax_g:0.%04d,ay_g:0.%04d,az_g:0.9980\r\n" % (t_ms, low, high)


def numbers_in(path):
    """The numbers of the records in a recording, in the order of its rows."""
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    return [int(row[1][2:]) + 10_000 * int(row[2][2:]) for row in rows]


class FakeBoard:
    """A pseudo-terminal behind a symbolic link, so that the 'port' can vanish and come back."""

    def __init__(self, folder, name="ttyFAKE"):
        self.url = str(folder / name)
        self.plug()
        self._stop = threading.Event()
        self._threads = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop.set()
        with contextlib.suppress(OSError):  # it may be unplugged already
            self.unplug()
        for thread in self._threads:
            thread.join(5)

    def plug(self):
        import pty
        import tty

        self.master, slave = pty.openpty()
        tty.setraw(slave)
        if os.path.lexists(self.url):
            os.unlink(self.url)
        os.symlink(os.ttyname(slave), self.url)
        self.slave = slave

    def unplug(self):
        if os.path.lexists(self.url):
            os.unlink(self.url)
        slave, master, self.slave, self.master = self.slave, self.master, -1, -1
        os.close(slave)
        os.close(master)

    def play(self, steps, wait_s=0.2):
        """Send bytes, wait for seconds, or call, on a thread of its own.

        Opening a port throws away what waited in it, hence the wait.
        """

        import termios

        def run():
            self._stop.wait(wait_s)
            for step in steps:
                if self._stop.is_set():
                    return
                if isinstance(step, bytes):
                    with contextlib.suppress(OSError):  # unplugged in the middle of a line
                        self.send(step)
                elif callable(step):
                    try:
                        step()
                    except (OSError, ValueError, termios.error):
                        if not self._stop.is_set():  # the test is not over: it is a fault
                            raise
                else:
                    self._stop.wait(step)

        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def wait_until_opened(self):
        """Until somebody else has the port open, and has thrown away what waited in it."""
        import termios
        import tty

        port = os.ttyname(self.slave)
        until = time.monotonic() + LONGEST_WAIT_S
        if _count_openers(port) < 2:
            tty.setraw(self.slave)  # whoever opens it sets it up anew, and then throws away
        while not self._stop.is_set() and _count_openers(port) < 2:
            assert time.monotonic() < until, "nobody opens the port"
            time.sleep(0.005)
        until = time.monotonic() + LONGEST_SET_UP_S
        while termios.tcgetattr(self.slave)[6][termios.VMIN] != 0 and time.monotonic() < until:
            time.sleep(0.005)
        self._stop.wait(0.05)

    def wait_until_listened(self):
        """Until what is sent from now on is read.

        Opening throws away once what waits, a moment after the port is open. Of two empty lines
        that are gone, one was read.
        """
        self.wait_until_opened()
        for _ in range(2):
            self.send(b"\n")
            self.wait_until_read()

    def wait_until_read(self):
        """Until nothing that was sent waits to be read."""
        import fcntl
        import termios

        quiet = 0
        until = time.monotonic() + LONGEST_WAIT_S
        while quiet < 3 and not self._stop.is_set():
            waiting = fcntl.ioctl(self.slave, termios.FIONREAD, b"\0" * 4)
            quiet = 0 if any(waiting) else quiet + 1
            assert time.monotonic() < until or self._stop.is_set(), "nobody reads the port"
            time.sleep(0.005)

    def receive_line(self):
        """What the host sent, up to a line end; b"" when the test is over."""
        os.set_blocking(self.master, False)
        heard = b""
        while not heard.endswith(b"\n"):
            if self._stop.is_set():
                return b""
            try:
                heard += os.read(self.master, 4096)
            except BlockingIOError:
                time.sleep(0.001)
        return heard

    def send(self, data):
        """All of the bytes; it waits while nobody reads."""
        os.set_blocking(self.master, False)
        while data and not self._stop.is_set():
            try:
                data = data[os.write(self.master, data) :]
            except BlockingIOError:
                time.sleep(0.001)


def _count_openers(port):
    """How many descriptors of this process lead to a terminal, or, if that is one, of all."""
    if not Path("/proc/self/fd").is_dir():
        time.sleep(0.5)  # no way to know: long enough to open it
        return 2
    own = _count_in(Path("/proc/self/fd"), port)
    return own if own > 1 else sum(_count_in(fd, port) for fd in Path("/proc").glob("[0-9]*/fd"))


def _count_in(folder, port):
    count = 0
    with contextlib.suppress(OSError):  # a process that ended, or another user's
        for number in os.listdir(folder):
            with contextlib.suppress(OSError):
                count += os.readlink(folder / number) == port
    return count
