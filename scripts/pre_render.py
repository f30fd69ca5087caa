#!/usr/bin/env python3
"""Quarto calls this before it renders: what is derived from the library is brought up to date."""

import _journal

raise SystemExit(_journal.run_hook("pre-render"))
