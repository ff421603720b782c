"""Runs Forecourt on one machine that has nothing but Python: private servers, the site's processes, and their end."""


class LaunchError(Exception):
    """Something the person at the keyboard can put right; its text says what happened and what to do."""
