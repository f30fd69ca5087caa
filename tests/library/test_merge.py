"""Whatever happens in Zotero, in any order: keys stay, what is cited stays, clones agree."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from weeknotes.library import store
from weeknotes.library.zotero.config import LibraryRef
from weeknotes.library.zotero.merge import Merged, merge
from weeknotes.library.zotero.mirror import Copy, Item
from weeknotes.library.zotero.selection import identity_of

REF = LibraryRef("user", "1")
_names = st.sampled_from(["Ho", "김", "曾", "van der Berg", "Иванов"])
_titles = st.sampled_from(
    ["Denoising", "확산 모형", "扩散模型", "The the", "", "A title of a paper"]
)
_own_keys = st.sampled_from(
    ["", "", "ho2020", "kim", "not a key", "zeng2022kuosan", "ho2020denoising"]
)


class FakeCopy(Copy):
    """A copy in memory."""

    def __init__(self, items: dict[str, dict[str, Any]]) -> None:
        self._items = items

    def collections(self) -> dict[str, tuple[str, str]]:
        return {}

    def items(self) -> Any:
        return (Item(key, 1, data, {}) for key, data in sorted(self._items.items()))


class Journal(RuleBasedStateMachine):
    """A Zotero library, a journal that cites from it, and a sync after each change."""

    items = Bundle("items")

    def __init__(self) -> None:
        super().__init__()
        self.zotero: dict[str, dict[str, Any]] = {}
        self.library: dict[str, store.Entry] = {
            "mine1999": {"id": "mine1999", "type": "book", "title": "By hand"}
        }
        self.cited: set[str] = set()
        self.count = 0

    def sync(self, rename: bool = False) -> Merged:
        merged = merge(self.library, [(REF, FakeCopy(self.zotero))], self.cited, rename=rename)
        self.library = merged.entries
        if rename:
            self.cited = {merged.renames.get(key, key) for key in self.cited}
        return merged

    @rule(target=items, name=_names, title=_titles, key=_own_keys, year=st.integers(2019, 2022))
    def add(self, name: str, title: str, key: str, year: int) -> str:
        self.count += 1
        number = f"KEY{self.count:05d}"
        self.zotero[number] = {
            "key": number,
            "itemType": "journalArticle",
            "title": title,
            "date": str(year),
            "creators": [{"creatorType": "author", "lastName": name, "firstName": "A."}],
            "citationKey": key,
            "dateAdded": "2026-01-01T00:00:00Z",
        }
        return number

    @rule(item=items, title=_titles, name=_names)
    def change(self, item: str, title: str, name: str) -> None:
        if item in self.zotero:
            self.zotero[item] |= {"title": title, "creators": [{"lastName": name}]}

    @rule(item=items, key=_own_keys)
    def rekey(self, item: str, key: str) -> None:
        if item in self.zotero:
            self.zotero[item]["citationKey"] = key

    @rule(item=items, gone=st.booleans())
    def trash(self, item: str, gone: bool) -> None:
        if item in self.zotero:
            self.zotero[item]["deleted"] = int(gone)

    @rule(item=consumes(items))
    def delete(self, item: str) -> None:
        self.zotero.pop(item, None)

    @rule(data=st.data())
    def cite(self, data: st.DataObject) -> None:
        keys = sorted(store.Library(self.library).keys)
        self.cited.add(data.draw(st.sampled_from(keys)))

    @rule()
    def stop_citing(self) -> None:
        self.cited = set(sorted(self.cited)[1:])

    @rule(rename=st.booleans())
    def run_sync(self, rename: bool) -> None:
        before = {identity_of(entry): entry["id"] for entry in self.library.values()}
        own = {("users/1", key): data.get("citationKey") for key, data in self.zotero.items()}
        merged = self.sync(rename)
        # Two items with one key: both are named.
        assert all(w.count("“") == 2 for w in merged.warnings if "cannot be cited" not in w)
        for key, entry in self.library.items():
            identity = identity_of(entry)
            if identity in before and before[identity] != key:
                # A key changes only to the one that Zotero gives, and the old one still resolves.
                assert key == own[identity]
                resolved = store.Library(self.library).get(before[identity])
                assert resolved is not None
        alive = {k for k, data in self.zotero.items() if not data.get("deleted")}
        held = {identity[1] for entry in self.library.values() if (identity := identity_of(entry))}
        assert alive <= held
        again = self.sync()
        assert not (again.added or again.changed or again.removed)

    @invariant()
    def what_is_cited_resolves(self) -> None:
        library = store.Library(self.library)
        assert all(library.get(key) is not None for key in self.cited)

    @invariant()
    def entries_of_the_authors_stay(self) -> None:
        assert self.library["mine1999"]["title"] == "By hand"


Journal.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestJournal = Journal.TestCase
