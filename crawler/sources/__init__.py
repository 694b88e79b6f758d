"""Which sites are crawled: the schema of a source, and the registry of their YAML files."""

from crawler.sources.registry import (
    Registry,
    SourceError,
    UnknownSource,
    load_source,
    source_from_fields,
    source_from_url,
)
from crawler.sources.schema import Limits, Source

__all__ = [
    "Limits",
    "Registry",
    "Source",
    "SourceError",
    "UnknownSource",
    "load_source",
    "source_from_fields",
    "source_from_url",
]
