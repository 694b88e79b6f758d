"""The labelled set: its reader is `tests.facts.labels`, its guideline docs/facts.md."""
