"""Publishing, as methods of `Archive`. Invariant: what is written is made from the public edition alone, and the edition depends on
objects, policy, link run, as-of date and code only: not on who holds them, where, or in which order they came.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import gavah
from gavah import intake, publish, register, store
from gavah.app import cautions, copying, numbering, ruling
from gavah.app.placing import Published, put
from gavah.app.previewing import Preview, preview_of
from gavah.app.profiling import Profiling
from gavah.app.progress import counted
from gavah.app.view import View
from gavah.app.watching import Watching
from gavah.model import Area, EstimateReport, StandardReport
from gavah.model.carried import Companion
from gavah.model.objects import Assessment, CaseNumbers, Correction, ListReport, Withdrawal
from gavah.model.publication import PublicationPolicy
from gavah.publish.making import Decision, Material, Withdrawn
from gavah.publish.opendata import Population, edition_figures
from gavah.publish.opendata.population import MAX_BYTES
from gavah.publish.public import Dark, MadeFrom, PublicEdition
from gavah.publish.release import Release, Unspoken
from gavah.publish.secrets import Scanner, secrets_of
from gavah.publish.tags import Tagger
from gavah.publish.targets import publication
from gavah.register import Scope
from gavah.store import ObjectStore

POLICY = "policy.toml"


class Publishing(Profiling, Watching):
    """What may be public, and its editions."""

    def publication_policy(self) -> PublicationPolicy:
        """The `[publication]` table of the archive's policy; the defaults without one. Raises PublicationFault."""
        return PublicationPolicy.from_table(
            store.read_policy(self._store.folder).get("publication", {}), self.path / POLICY
        )

    def public_edition(self, as_of: dt.date | None = None) -> PublicEdition:
        """All that may leave, as of a day (today by default): what every publication is made from."""
        released = self._release(as_of)
        return publish.public_edition(released, self._material(released))

    def preview(self, as_of: dt.date | None = None) -> Preview:
        """What would leave and what would be held back, with why; nothing is written."""
        released = self._release(as_of)
        return preview_of(self.register(), released, publish.public_edition(released, self._material(released)))

    def publish(
        self,
        folder: str | Path,
        as_of: dt.date | None = None,
        *,
        sign: bool = True,
        roots: Sequence[str | Path] = (),
        population: str | Path | None = None,
    ) -> Published:
        """Publishes to `folder`, which must be absent, empty or hold an earlier edition. Everything is made beside it and searched for
        withheld texts; only then does it take the folder's place. `sign`: with this machine's edition key, under the next number.

        `roots`: files of the chain that vouches, the first version first (see `snapshots.sign`). `population`: a file of
        denominators for rates. Raises SecretFound, PlaceTaken, PublicationFault, PopulationFault, RootUnusable.
        """
        people = _population(population)
        released = self._release(as_of)
        edition = publish.public_edition(released, self._material(released))
        self._progress("checking what is withheld", None)
        scanner = Scanner(secrets_of(self.register(), released, _private_texts(self._view, released.policy)), edition)
        files = counted(publication(edition, people), "writing", self._progress, 2 * len(edition.cases))
        return put(Path(folder), files, scanner, edition, archive=self.path if sign else None, roots=roots)

    def recomputed(
        self, as_of: dt.date | None = None, population: str | Path | None = None
    ) -> tuple[dict[str, int], dict[str, str]]:
        """What this archive would publish: its figures, and the sha256 of each file by path. Nothing is written."""
        edition = self.public_edition(as_of)
        made = counted(publication(edition, _population(population)), "making", self._progress, 2 * len(edition.cases))
        digests = {path: hashlib.sha256(data).hexdigest() for path, data in made}
        return edition_figures(edition), digests

    def _release(self, as_of: dt.date | None) -> Release:
        policy = ruling.settled(self.publication_policy(), self.register(), self._view, self.path / POLICY)
        day = as_of or dt.datetime.now(tz=dt.UTC).date()
        beside = _unspoken(self._view, self._store)
        return publish.release(self.register(), policy, day, Tagger(_tag_key(self._view, policy)), beside)

    def _material(self, released: Release) -> Material:
        standing, (digest, count) = self._standing, self.digest()
        summary = {**standing.run.parameters, "threshold": standing.run.threshold / 1e6}
        made_from = MadeFrom(
            f"{digest} {count}", standing.register.link_run, gavah.__version__, summary, standing.waiting
        )
        return Material(
            made_from,
            profiles=self.sources(),
            decisions=_decisions(self._view),
            withdrawn=_withdrawn(self._view, self._store),
            estimates=self._public_estimates(released),
            dark=self._dark(released.as_of),
        )

    def _dark(self, as_of: dt.date) -> list[Dark]:
        """The days on which a country's network was cut, up to the as-of day."""
        found = [one for one in self.outages().outages if one.area is Area.COUNTRY]
        if not found:
            return []
        from gavah import blackout

        spells = []
        for country in sorted({one.country for one in found}):
            clock = intake.zone(next(iter(intake.zones_of(country)), "UTC"), "zone")
            until = min(as_of, self._last_reading(country, clock) or as_of)
            end = dt.datetime.combine(until, dt.time(23, 59), clock).timestamp()
            begun = [one for one in found if one.country == country and one.start[0] <= end]
            spells += [Dark(first, last or until) for first, last in blackout.darkness(begun, until, clock).spells]
        return spells

    def _last_reading(self, country: str, clock: dt.tzinfo) -> dt.date | None:
        """The last day of which any series of a country tells: an outage that was not over then is said to last no longer."""
        ends = [
            int.from_bytes(one.times[-8:], "little", signed=True)
            for one in self.series()
            if one.country == country and one.times
        ]
        return dt.datetime.fromtimestamp(max(ends), clock).date() if ends else None

    def _public_estimates(self, released: Release) -> EstimateReport | None:
        """How many there are in all, from the rows that may be counted, by every method; None where nobody is counted."""
        from gavah import estimate

        scope = Scope()
        found = register.captures(released.register, scope)
        if not found.table.listed:
            return None
        answer = estimate.estimate_missing(
            found.table,
            scope={"violation": str(scope.violation)},
            excluded={"too_thin": found.too_thin, "out_of_scope": found.out_of_scope},
        )
        low = cautions.below_the_floor(released.register, scope, answer.estimates)
        named = {name for name, label in released.labels.items() if name == label}
        likely = [one for one in self._copies if {one.source, one.derived_from or one.source} <= named]
        return replace(answer, warnings=(*answer.warnings, *low, *copying.warnings(likely, answer.lists)))


def _population(path: str | Path | None) -> Population:
    if path is None:
        return Population()
    with Path(path).open("rb") as stream:
        return Population.from_csv(stream.read(MAX_BYTES + 1), path)


def _tag_key(view: View, policy: PublicationPolicy) -> bytes:
    """The policy's key, else one that whoever holds the objects has and nobody else can reach: the random salt of the first statement of
    case numbers, which is in no publication.
    """
    if policy.tag_key:
        return b"policy\x00" + policy.tag_key.encode()
    minted = [(thing.time, oid, thing.salt) for oid, thing in view.decisions.items() if isinstance(thing, CaseNumbers)]
    return b"salt\x00" + (min(minted)[2] if minted else hashlib.sha256(b"".join(sorted(view.decisions))).digest())


def _private_texts(view: View, policy: PublicationPolicy) -> Iterator[tuple[str, str]]:
    """What decisions hold of people and devices, which never leaves: names of reviewers, notes, keys."""
    for oid, thing in view.decisions.items():
        what = f"a {thing.kind}"
        yield getattr(thing, "by", ""), f"who made {what}"
        yield getattr(thing, "note", ""), f"the note of {what}"
        yield getattr(thing, "value", ""), f"the value of {what}"
        if not policy.reasons:
            yield getattr(thing, "reason", ""), f"the reason of {what}"
            yield getattr(thing, "rule", ""), f"the rule of {what}"
        yield getattr(thing, "author", b"").hex(), f"the key behind {what}"
        if thing.kind != "link-run":
            yield oid.hex(), f"the id of {what}"


def _unspoken(view: View, held: ObjectStore) -> Unspoken:
    """Names in rows that were withdrawn or replaced, and the cells of private halves: no open text may repeat them."""
    read = filter(None, (_as_read(view, held, row) for row in sorted(view.withdrawn)))
    names = dict.fromkeys(name for one in read for name in one.names)
    earlier: dict[bytes, tuple[str, ...]] = {}
    for row, current in sorted(view.superseded.items()):
        said = _as_read(view, held, row)
        if said is not None and said.names:
            earlier[current] = (*earlier.get(current, ()), *said.names)
    halves = (thing for _, thing in held.of_kind(Companion.kind) if isinstance(thing, Companion))
    texts = dict.fromkeys(text for one in halves for text in one.cells.values())
    return Unspoken(tuple(names), tuple(texts), earlier)


def _as_read(view: View, held: ObjectStore, row: bytes) -> StandardReport | None:
    """What a row says that may count no more; None where it or its mapping is not here."""
    thing = held.get(row)
    if not isinstance(thing, ListReport) or row not in view.mappings:
        return None
    mapping = intake.Mapping.from_toml(view.mappings[row], "receipt")
    return intake.standardise(row, thing.source, thing.ref, thing.cells, mapping)[0]


def _day(time: int) -> dt.date:
    """The UTC day of a decision's claimed time in milliseconds."""
    return dt.datetime.fromtimestamp(time / 1000, tz=dt.UTC).date()


def _decisions(view: View) -> list[Decision]:
    """The judgements, grades and corrections that stand, on the rows that stand for those named."""
    found = [
        Decision(view.current(one.a), _day(one.time), one.verdict, view.current(one.b))
        for one in view.judgements.values()
    ]
    for oid, one in view.decisions.items():
        if isinstance(one, Correction) and view.stands(oid):
            found.append(Decision(view.current(one.report), _day(one.time), "corrected", detail=one.field))
        elif isinstance(one, Assessment) and view.stands(oid):
            row = view.current(one.report)
            found.append(Decision(row, _day(one.time), "graded", detail=f"{one.aspect}/{one.grade}", rule=one.rule))
    return found


def _withdrawn(view: View, held: ObjectStore) -> list[Withdrawn]:
    """The rows that are withdrawn, with the number each founded."""
    numbers = numbering.every_number(view)
    found = []
    for oid, one in view.decisions.items():
        if isinstance(one, Withdrawal) and view.stands(oid):
            row = held.get(one.report)
            if isinstance(row, ListReport):
                said = _as_read(view, held, one.report)
                number = numbers.get(one.report, "")
                found.append(Withdrawn(one.report, number, row.source, _day(one.time), one.reason, said))
    return found
