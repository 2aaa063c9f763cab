"""Ctrl-C that waits for the end of a block."""

import signal

import pytest

from tinyml_course.interrupts import HeldInterrupt


def interrupt_in_a_block(done):
    with HeldInterrupt():
        signal.raise_signal(signal.SIGINT)
        done.append("all of it")


def interrupt_in_a_block_in_a_block(done):
    with HeldInterrupt():
        interrupt_in_a_block(done)
        done.append("outside, too")


def test_an_interrupt_comes_when_the_block_is_done():
    done = []
    with pytest.raises(KeyboardInterrupt):
        interrupt_in_a_block(done)
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_one_nothing_happens():
    with HeldInterrupt():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_block_in_a_block_hands_it_on():
    done = []
    with pytest.raises(KeyboardInterrupt):
        interrupt_in_a_block_in_a_block(done)
    assert done == ["all of it", "outside, too"]


def stop_halfway(done):
    with HeldInterrupt() as held:
        signal.raise_signal(signal.SIGINT)
        done.append("up to here")
        held.let_through()
        done.append("never")


def test_a_place_in_a_long_block_lets_it_through():
    done = []
    with pytest.raises(KeyboardInterrupt):
        stop_halfway(done)
    assert done == ["up to here"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert HeldInterrupt._outermost is None
