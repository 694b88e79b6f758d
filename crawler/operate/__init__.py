"""The tasks of an operator: serving fixture sites, importing, schedules, health, checks and repairs."""
