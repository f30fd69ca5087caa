"""Helpers on text that know nothing of a journal."""
