"""Text to facts, each with the span that says so: regions, amounts, organizations, industries, events. Pure."""

from crawler.facts.reading import FACTS_VERSION, read_facts

__all__ = ["FACTS_VERSION", "read_facts"]
