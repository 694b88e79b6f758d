"""Scrapy item pipelines in flow order, each a thin call into the package that does the work."""
