"""A passphrase on an archive. Invariant: what an archive says, its digest and its register are the same locked and plain; no passphrase is kept
after the call that was given it.
"""

from __future__ import annotations

from pathlib import Path

from gavah import seal, store
from gavah.app.held import Held
from gavah.model.errors import NoPassphrase
from gavah.store import session, traces, turning, vault


class Locking(Held):
    """Locks, passphrases and the session of an archive."""

    @property
    def locked(self) -> bool:
        """Whether the archive has a passphrase."""
        return self._store.folder.locked

    def lock(self, passphrase: str, *, cost: seal.Cost = seal.MODERATE) -> None:
        """Gives a plain archive a passphrase and encrypts everything in it; whole or not at all. `cost`: of one try of a passphrase.
        Raises PassphraseRefused.
        """
        traces.leave_none()
        self._progress("encrypting", None)
        self._turned(turning.lock(self._store, passphrase, cost))

    def unlock_for_good(self) -> None:
        """Takes the passphrase off again and writes everything out plain; whole or not at all. Raises NoPassphrase."""
        header = vault.read_header(self.path)
        self._progress("writing out plain", None)
        self._turned(turning.unlock_for_good(self._store))
        session.end(header)

    def change_passphrase(self, current: str, new: str) -> None:
        """Another passphrase; the data is not encrypted anew. Raises PassphraseWrong, PassphraseRefused, NoPassphrase."""
        self._turned(vault.change(self.path, current, new))

    def set_second_passphrase(self, current: str, second: str, prepared: str | Path | None = None) -> None:
        """A second passphrase: entered anywhere, it destroys the first one's slot and opens another store, a copy of the plain archive in the
        folder `prepared`, or an empty one. Raises PassphraseWrong, PassphraseRefused, NoPassphrase.
        """
        if prepared is None:
            self._turned(vault.set_second(self.path, current, second, lambda target: store.create(target).close()))
            return
        source = store.open_store(store.open_folder(Path(prepared)))
        try:
            self._turned(vault.set_second(self.path, current, second, lambda target: turning.copy(source, target)))
        finally:
            source.close()

    def stay_open(self, seconds: float) -> None:
        """Keeps the data key in memory for so long, so that opening asks nothing. Raises NoPassphrase, SessionRefused."""
        folder = self._store.folder
        if folder.key is None:
            raise NoPassphrase(path=self.path)
        session.begin(vault.read_header(self.path), seal.Unlocked(folder.key, folder.root.name), seconds)

    def _turned(self, folder: store.Folder) -> None:
        """Goes on with the archive in its new form."""
        self._store.close()
        self._store = store.open_store(folder)
        self._forget()


def end_session(path: Path) -> bool:
    """Forgets the key kept for the locked archive in this folder; whether one was kept. Raises NoPassphrase."""
    vault.recover(path)
    return session.end(vault.read_header(path))
