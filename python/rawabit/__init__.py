"""Entities and relations from Arabic text."""

from rawabit._native import __version__

__all__ = ["__version__"]
