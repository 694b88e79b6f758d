"""Exports: what filters mean, written as files that others read. Start with `crawler.research.export.writing`."""
