"""What every part of `Archive` stands on: the open folder, and what was read from it.

Invariant: whatever is kept between calls is forgotten when something is stored.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from gavah import linkage, store
from gavah.app import copying, deciding, linking
from gavah.app.progress import Progress, silent
from gavah.app.view import View
from gavah.model import Case, Register, StandardReport
from gavah.model.errors import NotFound, NotLinked
from gavah.model.statements import Rotation


class Held:
    """An archive that is open: the base of the groups of methods that make up `Archive`, each in a module of its own."""

    def __init__(
        self, path: str | Path, *, passphrase: str | store.Ask | None = None, progress: Progress = silent
    ) -> None:
        """`passphrase`: that of a locked archive, or what asks for it when no session holds its key."""
        self.path = Path(path)
        self._store = store.open_store(store.open_folder(self.path, passphrase))
        self._progress = progress
        store.settle_rotation(self._rotated)

    def _rotated(self, key: bytes, following: bytes) -> bool:
        """Whether this archive holds the word of a key that it goes on as another."""
        told = (thing for _, thing in self._store.of_kind(Rotation.kind))
        return any(isinstance(one, Rotation) and (one.author, one.key) == (key, following) for one in told)

    @classmethod
    def create(cls, path: str | Path, *, progress: Progress = silent) -> Self:
        """A new archive in a folder that is absent or empty. Raises ArchiveExists."""
        store.create(store.Folder(Path(path))).close()
        return cls(path, progress=progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def __repr__(self) -> str:
        digest, count = self.digest()
        return f"Archive({str(self.path)!r}: {count} objects, {digest[:12]})"

    def register(self) -> Register:
        """Every case as it stands. Raises NotLinked before a first link run."""
        return self._standing.register

    def waiting(self) -> int:
        """Reports received since the link run, not yet in the register."""
        return self._standing.waiting

    def case(self, name: str) -> Case:
        return deciding.case_named(self.register(), name)

    def digest(self) -> tuple[str, int]:
        """Lower-case hex sha256 over the sorted ids, receipts left out, and how many there are."""
        return self._store.digest()

    @cached_property
    def _view(self) -> View:
        return View(self._store)

    @cached_property
    def _standing(self) -> linking.Standing:
        return linking.standing(self._store, self.path, self._progress)

    @cached_property
    def _copies(self) -> tuple[linkage.CopyFinding, ...]:
        self._progress("comparing lists", None)
        return copying.find(self._view, self._reports_by_id(), self._standing.clusters, self.register().sources)

    def _reports_by_id(self) -> dict[bytes, StandardReport]:
        whole = self.register()
        held = [report for case in whole.cases for report in case.reports]
        return {report.report_id: report for report in [*held, *whole.unnamed, *whole.counts]}

    def _report(self, name: str) -> bytes:
        known = None
        if name.upper().startswith("G-"):
            try:
                known = self.register()
            except NotLinked as error:
                raise NotFound(what="case", name=name) from error
        return deciding.either(self._store, known, name)

    def _decided(self, object_id: bytes) -> str:
        self._forget()
        return object_id.hex()

    def _forget(self) -> None:
        """Whatever was worked out from the objects is worked out anew when next asked for."""
        for name in [name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)]:
            del self.__dict__[name]
