"""What a case was part of before. Invariant: told from the link runs that stand in the archive, each by its own pairs, before any judgement:
whatever a run once joined and a later run or a person has parted is found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from gavah import linkage
from gavah.app import linking
from gavah.app.understanding import understood
from gavah.app.view import View
from gavah.model.objects import LinkRun


def parted_from(view: View, members: Collection[bytes], case_of: Mapping[bytes, str]) -> tuple[str, ...]:
    """Numbers of the other cases that hold reports which some run joined with `members`; sorted. `case_of`: report -> its case today."""
    own = {case_of.get(one, "") for one in members}
    runs = [
        thing
        for oid, thing in view.decisions.items()
        if isinstance(thing, LinkRun) and understood(thing) and view.stands(oid)
    ]
    found = {case_of[one] for run in runs for one in _joined(view, run, members) if one in case_of}
    return tuple(sorted(found - own))


def _joined(view: View, run: LinkRun, members: Collection[bytes]) -> set[bytes]:
    """The reports that `run` by itself takes for one person with any of `members`."""
    held = linking.result_of(run)
    ids, a, b, ppm = held.ids, held.a, held.b, held.ppm
    linked = ppm >= run.threshold
    wanted = np.isin(np.arange(len(ids)), [at for at, one in enumerate(ids) if one in members])
    while True:  # everything that links reach: clusters never go beyond it
        ends = linked & (wanted[a] | wanted[b])
        before = int(wanted.sum())
        wanted[a[ends]] = wanted[b[ends]] = True
        if int(wanted.sum()) == before:
            break
    places = np.flatnonzero(wanted)
    rows = np.flatnonzero(wanted[a] & wanted[b])
    near = [ids[at] for at in places.tolist()]
    lists = {one: view.lists.get(one, "") for one in near}
    at = np.searchsorted(places, a[rows]), np.searchsorted(places, b[rows])
    clusters = linkage.cluster(
        near, at[0].astype(np.int32), at[1].astype(np.int32), ppm[rows], run.threshold, (), lists
    )
    return {one for cluster in clusters if not set(cluster).isdisjoint(members) for one in cluster}
