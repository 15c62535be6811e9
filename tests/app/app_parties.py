"""Two groups, each with keys of its own, on one machine: `with group:` makes its keys the ones in use."""

import os
from pathlib import Path

from gavah import Archive, seal, store


class Group:
    """A group of one member: its archive, its keys, and what is in use while it acts."""

    def __init__(self, folder, name):
        self.name = name
        self.home = Path(folder) / f"home-{name}"
        self.path = Path(folder) / name
        with self:
            Archive.create(self.path).close()
            self.key = seal.public_key(store.member_key())
            self.reader = seal.recipient(seal.reader_of(store.reading_keys()[0]))

    def __enter__(self):
        self._before = os.environ.get("GAVAH_HOME", "")
        os.environ["GAVAH_HOME"] = str(self.home)
        return self

    def __exit__(self, *_):
        os.environ["GAVAH_HOME"] = self._before

    def do(self, what):
        with self, Archive(self.path) as held:
            return what(held)

    def believe(self, *others):
        for other in others:
            store.believe_key(store.Folder(self.path), other.key, other.name)

    def digest(self):
        return self.do(lambda held: held.digest())

    def pack(self, file, *to, **options):
        return self.do(lambda held: held.pack(file, [one.reader for one in to], **options))

    def unpack(self, *files):
        return self.do(lambda held: [held.unpack(file) for file in files])


def listed(folder, name, people):
    """A list of invented people as a CSV file."""
    path = Path(folder) / f"{name}.csv"
    rows = [
        f"{name}-{at},{person},{20 + at % 50},2026-01-{8 + at % 9:02d},Karaj,Alborz" for at, person in enumerate(people)
    ]
    path.write_text("\n".join(["no,name,age,date,city,province", *rows]) + "\n", encoding="utf-8")
    return path
