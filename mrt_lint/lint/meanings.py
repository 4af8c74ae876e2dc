"""Meanings of qualified names, of which those of whole packages are made only where a project knows these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mrt_lint.evaluate.call import Meaning


class Later(Mapping[str, Any]):
    """Meanings of names in some packages, made when the first of these is asked for.

    `packages`: the top-level packages of all these names; a name in any other has no meaning here.
    """

    def __init__(self, packages: Iterable[str], make: Callable[[], Mapping[str, Meaning]]) -> None:
        self.packages = frozenset(packages)
        self._make = make

    @cached_property
    def table(self) -> Mapping[str, Meaning]:
        """Returns the meanings themselves."""
        return self._make()

    def __getitem__(self, name: str) -> Meaning:
        if name.partition(".")[0] not in self.packages:
            raise KeyError(name)
        return self.table[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


class Meanings(Mapping[str, Any]):
    """The meanings of every plugin: a name has at most one."""

    def __init__(self) -> None:
        self._plain: dict[str, Meaning] = {}
        self.later: list[Later] = []
        self._known: dict[frozenset[int], dict[str, Meaning]] = {}

    def add(self, table: Mapping[str, Meaning]) -> str | None:
        """Adds a plugin's meanings; returns a name that has one already, and adds nothing then."""
        if isinstance(table, Later):
            mine = [name for name in self._plain if name.partition(".")[0] in table.packages]
            mine += [name for one in self.later if one.packages & table.packages for name in one]
            if (taken := next((name for name in mine if name in table), None)) is None:
                self.later.append(table)
            return taken
        if (taken := next((name for name in table if name in self), None)) is None:
            self._plain.update(table)
        return taken

    def __getitem__(self, name: str) -> Meaning:
        if name in self._plain:
            return self._plain[name]
        for one in self.later:
            if name in one:
                return one[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        yield from self._plain
        for one in self.later:
            yield from one

    def __len__(self) -> int:
        return len(self._plain) + sum(map(len, self.later))

    def known(self, named: frozenset[int]) -> dict[str, Meaning]:
        """Returns the meanings without those made later, except of these; the same ones are the same dict."""
        if named not in self._known:
            tables = [self._plain, *(one.table for place, one in enumerate(self.later) if place in named)]
            self._known[named] = {name: value for table in tables for name, value in table.items()}
        return self._known[named]


class Reach:
    """The meanings of the names that the code of one project can come by.

    A package that no text of it names cannot be imported there, so its names need no meaning.
    """

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = meanings
        later = meanings.later if isinstance(meanings, Meanings) else ()
        self._waiting = {place: _words(one.packages) for place, one in enumerate(later)}
        self._named: frozenset[int] = frozenset()

    def see(self, text: bytes) -> bool:
        """Reads a text of the project; returns whether it names a package that none did before."""
        found = [place for place, words in self._waiting.items() if any(word in text for word in words)]
        for place in found:
            del self._waiting[place]
        self._named |= frozenset(found)
        return bool(found)

    @property
    def table(self) -> Mapping[str, Meaning]:
        """Returns the meanings of all names of the packages that were named."""
        if isinstance(self._meanings, Meanings):
            return self._meanings.known(self._named)
        return self._meanings


def _words(packages: Iterable[str]) -> list[bytes]:
    """Returns the names without those that hold another: where these stand, the other stands too."""
    names = sorted(packages, key=len)
    return [
        name.encode()
        for place, name in enumerate(names)
        if not any(shorter in name for shorter in names[:place])
    ]
