"""The project's own pytest plugin: `replay` and `--update-golden`, also where the package is not installed."""

pytest_plugins = ["crawler.operate.pytest_plugin"]
