#!/usr/bin/env python3
"""Quarto calls this after it has rendered: the derived pages and the search are composed."""

import _journal

raise SystemExit(_journal.run_hook("post-render"))
