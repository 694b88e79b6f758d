"""Spiders: `SourceSpider` crawls any source; a site that needs code of its own subclasses it here."""
