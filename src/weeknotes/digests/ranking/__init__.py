"""Ranking a day's papers by what the journal's author reads and writes: locally and offline.

`profile` gathers what is known of the reader, `features` turns texts into weighted terms, `model`
learns from them, `rank` puts papers in order and says why, and `evaluation` tells how well that went.
"""

from weeknotes.digests.ranking.profile import Item, Profile
from weeknotes.digests.ranking.rank import Ranked, rank

__all__ = ["Item", "Profile", "Ranked", "rank"]
