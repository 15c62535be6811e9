"""Every error Gavah raises on purpose, in one tree; each names what is wrong and the cure.

GavahError
├── InputError               what was received cannot be read or served
│   ├── UnreadableFile       not text, not a table, or not the format it claims
│   ├── LimitExceeded        larger or deeper than the limits for hostile input allow
│   ├── MappingError         the mapping does not fit the list
│   ├── FaultyList           `--strict` and the list has faults
│   ├── CountsError          a counts file that is no capture table
│   ├── NoSeries             none of a file's readings of connectivity can be understood
│   ├── FaultySheet          a sheet of decisions that cannot be taken as it is
│   ├── PopulationFault      a file of populations that gives no denominators
│   ├── TableFormat          a table is asked for in a format that is not written
│   ├── PublicationFault     the policy of what may be public is not understood
│   ├── BundleError          bytes that are not a bundle, or one that may not be taken
│   │   └── NotSealedForYou  none of the reading keys at hand opens it
│   └── StampError           a time-stamping service gave no stamp, or one that does not hold
├── ObjectError              bytes that are not a valid object
├── ArchiveError
│   ├── NotAnArchive         no archive in that folder
│   ├── ArchiveExists        the folder is already in use
│   ├── ArchiveBusy          another writer holds the lock
│   ├── ArchiveDamaged       an object, file or receipt does not verify
│   ├── FormatTooNew         written by a later Gavah
│   ├── PassphraseNeeded     it is locked, and nobody is there to be asked
│   ├── PassphraseWrong      it does not open for this passphrase
│   ├── NoPassphrase         it is not locked
│   ├── ArchiveTurned        it was locked or unlocked for good while it was open
│   └── PolicyError          `policy.toml` cannot be followed
├── PassphraseRefused        a passphrase that cannot be set
├── SessionRefused           no place where a key can be kept for a while
├── NotFound                 no such case, report, receipt or source
│   └── NoSuchSource         no source of that name, and which are near it
├── NotLinked                the register was asked for before a link run
├── DecisionError            a judgement or correction that cannot be taken
├── SecretFound              something withheld stands in what was to be published
├── PlaceTaken               the folder to publish to holds something else
├── NotPublished             a folder that holds no whole edition
├── KeyUnusable              the private key on disk is not one
├── SnapshotError            an edition that cannot be signed or checked
│   ├── RootUnusable         a root of organisations that could never hold
│   ├── NotASnapshot         nothing there that could be an edition
│   └── MemoryDamaged        what was noted of editions seen before cannot be read
└── MissingPart              an optional part of the machine is absent

Invariant: the text of an error is its class's `template` filled with its `fields`, so that any language
can be given by translating templates alone; no message is composed at the place of raising.
"""

from __future__ import annotations

from typing import ClassVar


class GavahError(Exception):
    """Base of the tree. `fields` hold what the templates name; `str()` is the English message with its cure."""

    template: ClassVar[str] = "{detail}"
    cure: ClassVar[str] = ""

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.text())

    def text(self, template: str | None = None, cure: str | None = None) -> str:
        """The message, in the language of the templates given (English by default)."""
        parts = [self.template if template is None else template, self.cure if cure is None else cure]
        return " ".join(part.format(**self.fields) for part in parts if part)


class InputError(GavahError):
    template = "{file}: {detail}."


class UnreadableFile(InputError):
    template = "{file}: cannot be read: {detail}."
    cure = "Gavah reads CSV, TSV, XLSX, JSON and JSON Lines; save it as one of these."


class LimitExceeded(InputError):
    template = "{file}: {what} is {found}, over the limit of {limit}."
    cure = "Split the file, or check that it is what it claims to be."


class MappingError(InputError):
    template = "{file}: the mapping does not fit: {detail}."
    cure = "Run `gavah add ... --dry-run` to see the columns found and a mapping that fits."


class FaultyList(InputError):
    template = "{file}: {count} faults and --strict given: nothing was stored."
    cure = "Mend the cells named above, or leave --strict out to store them as received."


class CountsError(InputError):
    template = "{file}: row {row}, column {column}: {value!r}: {detail}."
    cure = "A counts file has one 0/1 column per list, `count`, and strata only when named by --by."


class NoSeries(InputError):
    """`faults`: every one of them."""

    template = "{file}: none of its readings can be understood; {count} faults."
    cure = "Mend what is named above, or look whether it is the file that was meant."


class FaultySheet(InputError):
    """`lines`: one for each fault, a `Said` in both languages."""

    template = "{file}: nothing was stored; {count} faults:\n{lines}\n"
    cure = "Mend these cells and take the sheet again."


class PopulationFault(InputError):
    template = "{file}: row {row}: {detail}."
    cure = "A population file is CSV with the columns place, sex, age, population, year, source; empty place, sex or age means all."


class TableFormat(InputError):
    template = "{file}: tables are not written in that format."
    cure = "Name a file that ends in .csv, .parquet or .xlsx."


class PublicationFault(InputError):
    template = "{file}: [publication]: {detail}."
    cure = "Mend the policy; nothing was published."


class BundleError(InputError):
    template = "{file}: this bundle cannot be taken: {detail}."
    cure = "Nothing of it was stored; ask for it again."


class NotSealedForYou(BundleError):
    template = "{file}: not sealed for your reading key, or damaged."
    cure = "Give your reading key to the sender and ask for it again."


class StampError(InputError):
    template = "{file}: no time stamp: {detail}."


class ObjectError(GavahError):
    template = "not a valid object: {detail}."
    cure = "The bytes were damaged or made by something other than Gavah; fetch them again."


class ArchiveError(GavahError):
    template = "{path}: {detail}."


class NotAnArchive(ArchiveError):
    template = "{path}: no archive there."
    cure = "Make one with `gavah new {path}`."


class ArchiveExists(ArchiveError):
    template = "{path}: already in use."
    cure = "Choose a new folder."


class ArchiveBusy(ArchiveError):
    template = "{path}: another writer is at work: {holder}."
    cure = "Wait until it has ended and try again."


class ArchiveDamaged(ArchiveError):
    template = "{path}: {detail}."
    cure = "Restore it from another copy; nothing else was changed."


class FormatTooNew(ArchiveError):
    template = "{path}: written in format {found}; this Gavah reads up to {known}."
    cure = "Install a newer Gavah."


class PassphraseNeeded(ArchiveError):
    template = "{path}: it is locked, and there is nobody to ask for its passphrase."
    cure = "Work on a terminal, or name an open file descriptor in GAVAH_PASSPHRASE_FD that the passphrase can be read from."


class PassphraseWrong(ArchiveError):
    template = "{path}: it does not open for this passphrase."
    cure = "Try again; if it is right, the header was changed: take `vault/header` from another copy."


class NoPassphrase(ArchiveError):
    template = "{path}: it has no passphrase."
    cure = "Give it one with `gavah lock {path}`."


class ArchiveTurned(ArchiveError):
    template = "{path}: it was locked, or unlocked for good, since it was opened; nothing was stored."
    cure = "Open it again."


class PolicyError(ArchiveError):
    template = "{path}: {key} = {value!r}: {detail}."
    cure = "{how}"


class PassphraseRefused(GavahError):
    """Its fields never hold the passphrase."""

    template = "this passphrase cannot be set: {detail}."
    cure = "Take six words or more that nobody would guess."


class SessionRefused(GavahError):
    template = "the key cannot be kept for a while: {detail}."
    cure = "Each command asks for the passphrase instead."


class NotFound(GavahError):
    template = "no {what} named {name!r}."
    cure = "List what there is with `gavah register` or `gavah log`."


class NoSuchSource(NotFound):
    """`near`: the names that are there and like it, or all."""

    template = "no source named {name!r}; there are: {near}."
    cure = "Give the name as it stands; `gavah sources` lists them all."


class NotLinked(GavahError):
    template = "{path}: the reports have not been linked yet."
    cure = "Run `gavah link {path}` first."


class DecisionError(GavahError):
    template = "this cannot be decided: {detail}."


class SecretFound(GavahError):
    """`what` never repeats the secret itself: it names whose it is and the file."""

    template = "not published: {count} withheld texts stand in what was made, the first in {file}: {what}."
    cure = "Nothing reached the folder. Open the field in the policy if it may be public, else report this as a defect."


class PlaceTaken(GavahError):
    template = "not published: {path} holds something that is no publication."
    cure = "Name a folder that is new, empty or holds an earlier edition."


class NotPublished(GavahError):
    template = "{path}: no published edition, or a damaged one."
    cure = "Name the folder that `gavah publish` wrote; `gavah verify` tells what is damaged."


class KeyUnusable(GavahError):
    template = "{path}: not a private key."
    cure = "Restore it from a copy, or move it away: a new one is then made."


class SnapshotError(GavahError):
    template = "{detail}."


class RootUnusable(SnapshotError):
    template = "this root cannot be used: {detail}."
    cure = "Make it with `gavah snapshot root` and have its holders sign it with `gavah snapshot cosign`."


class NotASnapshot(SnapshotError):
    template = "{path}: no edition to sign or check there: {detail}."
    cure = "Name the folder that `gavah publish` wrote, or a file of it."


class MemoryDamaged(SnapshotError):
    template = "{path}: what was noted of the editions seen before cannot be read."
    cure = "Restore it from a copy, or move it away: an older edition is then no longer told from a newer one."


class MissingPart(GavahError):
    template = "{part} is not on this machine."
    cure = "{how}"
