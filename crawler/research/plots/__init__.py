"""Pictures of the archive. Start with `crawler.research.plots.drawing`."""
