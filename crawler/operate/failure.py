"""The failure that every kind of import has in common."""


class ImportFailure(ValueError):
    """A file that cannot be imported; the text is one sentence that says why."""
