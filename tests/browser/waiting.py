"""A screen follows a change in steps of its own, on a busy machine long ones: what is asserted is waited for."""

import time

PATIENCE = 20  # s
PAUSE = 0.05  # s between two looks


def soon(check, seconds=PATIENCE):
    """Makes assertions until they hold; those of the last look are raised. Returns what the check returns."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE)


def becomes(read, expected, seconds=PATIENCE):
    """Waits until what is read is what is expected."""

    def check():
        assert read() == expected

    soon(check, seconds)


def steady(read, seconds=PATIENCE, pause=0.25):
    """What is read, once it is the same twice."""
    deadline, last = time.monotonic() + seconds, read()
    while True:
        time.sleep(pause)
        before, last = last, read()
        if before == last:
            return last
        assert time.monotonic() < deadline, (before, last)
