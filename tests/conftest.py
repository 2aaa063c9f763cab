"""What holds for every test."""

import signal
import threading


def pytest_configure() -> None:
    """Tests that send Ctrl-C need to receive it: a shell starts what runs behind it without."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
