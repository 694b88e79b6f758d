"""Text to facts, each with the span that says so: regions, amounts, organizations, industries, events. Pure."""
