"""The project's own pytest plugin: `replay` and `--update-golden`, also where the package is not installed."""

import signal

import pytest

pytest_plugins = ["crawler.operate.pytest_plugin"]


def pytest_configure(config: pytest.Config) -> None:
    """Let Ctrl-C reach the commands that tests start: a shell's background jobs inherit that it is ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
