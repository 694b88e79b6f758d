"""Zhaoshang (招商): crawler and archive for China's regional investment-promotion sites."""

__version__ = "0.1.0"
