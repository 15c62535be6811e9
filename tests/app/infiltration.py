"""An infiltrator at work: a valid, vouched key that adds false reports, decides falsely, and is revoked from the day it turned.

`Drill` plays it on real archives with real keys and bundles. Beside the desk that takes all of it in stands `never`, a copy of the desk's folder made
before, which receives nothing of the infiltrator's from then on: what the desk shows after the revocation is to equal what `never` shows.
"""

import random
import shutil
import time
from dataclasses import replace

from tests.app.app_parties import Group

from gavah import Archive, Mapping, seal, store
from gavah.app.clock import now
from gavah.app.crackdown import write_crackdown
from gavah.model import Verdict, canonical
from gavah.model.ids import split_ids
from gavah.model.numbering import case_number
from gavah.model.objects import CaseNumbers, LinkRun, Receipt, Source, encode
from gavah.model.statements import Erasure, Revocation

HONEST, NORTH, MOLE = ("Home committee", "Group abroad"), ("Newsroom", "Solidarity page"), ("Hospitals",)
HEAD = "no,name,age,date,city,province"
CITIES = ("Karaj,Alborz", "Shiraz,Fars", "Rasht,Gilan", "Tabriz,East Azerbaijan", "Tehran,Tehran")


class Drill:
    """`people`: killed in the made-up crackdown behind the true lists; `false`: how many reports are invented; `shared`: how many of
    them by a key that the infiltrator vouched for.
    """

    def __init__(self, folder, people, false, seed=1):
        self.folder, self.false, self.chance = folder, false, random.Random(seed)
        self.desk, self.north, self.mole = (Group(folder, name) for name in ("desk", "north", "mole"))
        self.desk.believe(self.north)
        for one in (self.north, self.mole):
            one.believe(self.desk, *({self.north, self.mole} - {one}))
        self.desk.do(lambda held: held.vouch(self.mole.key.hex(), ["collector", "reviewer"], name="hospital desk"))
        self.lists = {one.source: one for one in write_crackdown(folder / "lists", people=people).files}
        for group, sources in ((self.desk, HONEST), (self.north, NORTH), (self.mole, MOLE)):
            group.do(lambda held, sources=sources: [self._add(held, source) for source in sources])
        self.carry(self.north, self.desk)
        self.carry(
            self.mole, self.desk
        )  # what the infiltrator brought before it turned; the desk says in a receipt when
        self.desk.do(lambda held: held.link())
        self.desk.do(self._decide)
        self.desk.do(lambda held: held.link())
        self.carry(self.desk, self.mole)
        self.carry(self.desk, self.north)
        self.never = folder / "never"
        shutil.copytree(self.desk.path, self.never)
        time.sleep(0.01)
        self.turned = now()
        time.sleep(0.01)
        self.mole_key = self.mole.key  # the one it was vouched for, whatever it goes on as
        self.false_numbers, self.erased = set(), set()

    def _add(self, held, source):
        one = self.lists[source]
        held.add([one.path], source, mapping=Mapping.from_toml(one.mapping_toml, source), derived_from=one.derived_from)

    def _decide(self, held):
        cases = [case for case in held.register().cases if len(case.reports) > 1]
        for case in cases[:3]:
            held.judge(*(one.report_id.hex() for one in case.reports[:2]), Verdict.SAME, by="desk")
        held.grade(cases[3].case_id, "confirmed", rule="death certificate")
        held.withdraw(cases[4].reports[0].report_id.hex(), reason="asked for it", by="desk")

    def carry(self, one, other):
        self.count = getattr(self, "count", 0) + 1
        return other.unpack(*[made.path for made in one.pack(self.folder / f"b{self.count}", other)])

    # --- what the infiltrator does -------------------------------------------------------------------------------

    def rows(self, count, real):
        """False rows: of four, two speak of people who never were, one of a real person on a false day, one of a real one's name elsewhere."""
        for at in range(count):
            one = self.chance.choice(real)
            place, age = self.chance.choice(CITIES), self.chance.randrange(16, 70)
            invented = f"Zhivar Nakojabad{at:04d}"
            name = (invented, invented, one.names[0], one.names[0])[at % 4]
            days = [day.written for day in one.when.options] if one.when and one.when.known and at % 4 == 2 else []
            yield f"F{at},{name},{age},{days[0] if days else f'2024-11-{1 + at % 12:02d}'},{place}"

    def write(self, name, rows):
        path = self.folder / f"{name}.csv"
        path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        return path

    def reports(self):
        """The infiltrator adds its false reports, half under a source of its own, half in an honest one's name, and nothing else."""
        with self.desk, Archive(self.desk.path) as held:
            real = [one for one in held._view.reports() if one.names]
        rows = list(self.rows(self.false, real))
        half = self.false // 2

        def work(held):
            held.add([self.write("own", rows[:half])], "Eyewitnesses")
            held.add([self.write("borrowed", rows[half:])], HONEST[0])

        self.mole.do(work)
        self.carry(self.mole, self.desk)
        self.desk.do(lambda held: held.link())

    def everything(self):
        """Besides the reports: judgements that join and part, corrections, grades, withdrawals, an undo, a link run that joins all, numbers,
        declarations, a field key with reports of its own, a rotation, erasures, a source revoked, and the honest keys revoked.
        """
        field, helper = self.false // 10, Group(self.folder, "helper")
        helper.believe(self.desk, self.mole)
        self.mole.do(lambda held: held.vouch(helper.key.hex(), ["collector"], until=now() + 10**9))
        self.carry(self.mole, helper)
        helper.do(lambda held: held.add([self.write("field", self.rows(field, [_Nobody()]))], "Ward 9"))
        self.carry(helper, self.mole)
        self.mole.do(self._decide_falsely)
        self.reports()
        self._erase()

    def _decide_falsely(self, held):
        cases = [case for case in held.register().cases if case.names]
        many = [case for case in cases if len(case.reports) > 1]
        first = [case.reports[0].report_id for case in cases]
        of = lambda at: many[-at].reports[0].report_id.hex()  # noqa: E731
        for at in range(1, 6):
            held.judge(*(one.report_id.hex() for one in many[-at].reports[:2]), Verdict.NOT_SAME, by="mole")
            held.judge(first[2 * at].hex(), first[2 * at + 1].hex(), Verdict.SAME, by="mole")
            held.correct(of(at + 5), "date", "2024-11-01", reason="better known", by="mole")
            held.grade(many[-at - 10].case_id, "discounted", rule="never happened")
            held.withdraw(of(at + 15), reason="family asked", by="mole")
        judged = next(oid for oid, one in held._view.judgements.items() if one.by == "desk")
        held.undo(judged.hex(), by="mole")
        private = store.member_key()
        mine = seal.public_key(private)
        with held._store.transaction() as writer:
            ids = sorted({one for case in cases for one in (r.report_id for r in case.reports)})
            pairs = [(at, at + 1) for at in range(0, len(ids) - 1, 2)]
            a, b = (b"".join(one.to_bytes(4, "little") for one in side) for side in zip(*pairs, strict=True))
            ppm = (999_999).to_bytes(4, "little") * len(pairs)
            writer.sign_and_add(
                LinkRun(mine, now() + 10**10, bytes(32), {"seed": 1}, b"".join(ids), a, b, ppm, 1), private
            )
            for salt in (number.to_bytes(16, "big") for number in range(40)):  # whoever mints many has the smallest
                writer.sign_and_add(CaseNumbers(mine, now(), salt, b"".join(sorted(first))), private)
                self.false_numbers |= {case_number(salt, one) for one in first}
            bare = encode(Source(HONEST[0], (HONEST[1],)))
            writer.add_encoded(canonical.object_id(bare), Source.kind, bare)
            writer.add_signature(canonical.object_id(bare), mine, seal.sign(private, canonical.object_id(bare)))
            misread = {"file": bytes(32), "name": "x", "sheet": "", "mapping": '[columns]\nname = "date"\n'}
            rows = b"".join(sorted(held._view.lists)[:40])
            part = {
                **misread,
                "reports": rows,
                "left_out": {},
                "faults": 0,
            }  # rows of others under a reading of its own
            writer.sign_and_add(Receipt(mine, now() + 10**9, HONEST[0], (part,)), private)
            declared = writer.add(Source("Newsroom", ("Ministry",)))
            told = Receipt(mine, now(), "Newsroom", (), declares=(declared,))
            writer.sign_and_add(told, private)
            gone = b"".join(sorted(one for one in ids if one.hex() not in {of(at + 5) for at in range(1, 6)})[-30:])
            self.erased = set(split_ids(gone))
            for revoked in (self.desk.key, self.north.key):
                writer.sign_and_add(Revocation(now(), 0, "a spy", revoked, author=mine), private)
            writer.sign_and_add(Revocation(now(), 0, "lies", source="Newsroom", author=mine), private)
            self.erasure = Erasure(now(), gone, "consent withdrawn", "mole", author=mine)
        self._private = private
        held.rotate()

    def _erase(self):
        """In its own archive it erases nothing: it tells others to."""
        body = encode(self.erasure)
        signature = seal.sign(self._private, canonical.object_id(body))
        with self.desk, Archive(self.desk.path) as held, held._store.transaction() as writer:
            writer.receive([(body, [(self.mole_key, signature)])])

    # --- the answer ----------------------------------------------------------------------------------------------

    def revoke(self):
        return self.desk.do(lambda held: held.revoke(since=self.turned, reason="it turned", key=self.mole_key.hex()))

    def give_back(self):
        """What a false erasure took comes again from whoever holds it, and is linked anew."""
        (came,) = self.carry(self.north, self.desk)
        self.desk.do(lambda held: held.link(full=True))
        return came.received

    def shown(self, path, **options):
        """What the archive shows: register, capture table, estimates, and its link run without author and time."""
        with self.desk, Archive(path) as held:
            run = held._view.link_run[1]
            return {
                "register": replace(held.register(), digest="", link_run=""),
                "captures": held.captures(),
                "estimate": held.estimate(**options),
                "run": (run.inputs, run.ids, run.a, run.b, run.ppm, run.threshold, dict(run.parameters)),
                "check": held.check(),
            }


class _Nobody:
    names = ("Nobody Nowhere",)
    when = None


def renumbered(register, like):
    """`register` under the numbers that `like` has for its cases, without redirects; how many bear the same number by themselves, and how
    many have further numbers that lead to them.
    """
    wanted = {case.case_id for case in like.cases}
    cases, same, more = [], 0, 0
    for case in register.cases:
        (number,) = wanted & {case.case_id, *case.redirects}
        same += number == case.case_id
        more += bool(case.redirects)
        cases.append(replace(case, case_id=number, redirects=()))
    return replace(register, cases=tuple(sorted(cases, key=lambda case: case.case_id))), same, more
