"""The weakest pair a cluster hangs on, against the definition."""

import random

import numpy as np
import pytest

from gavah.linkage import Judged, LinkResult, weakest
from gavah.model import Verdict

IDS = tuple(bytes([at]) * 32 for at in range(6))


def result(*pairs):
    columns = [np.array(column, dtype=np.int32) for column in zip(*sorted(pairs), strict=True)] or [
        np.zeros(0, np.int32)
    ] * 3
    return LinkResult(IDS, *columns, 500_000, {}, ())


def whole(members, pairs):
    """Whether the pairs tie all members together, by walking."""
    reached, ahead = {members[0]}, [members[0]]
    while ahead:
        one = ahead.pop()
        for a, b in pairs:
            for here, there in ((a, b), (b, a)):
                if here == one and there not in reached:
                    reached.add(there)
                    ahead.append(there)
    return reached >= set(members)


def test_a_chain_hangs_on_its_weakest_link():
    found = weakest(IDS[:3], result((0, 1, 990_000), (1, 2, 700_000), (0, 2, 20_000)))
    assert (found.a, found.b, found.probability, found.judged) == (IDS[1], IDS[2], 0.7, False)


def test_a_judgement_holds_more_than_any_probability():
    pairs = result((0, 1, 990_000), (1, 2, 700_000))
    found = weakest(IDS[:3], pairs, [Judged(IDS[2], IDS[0], Verdict.SAME)])
    assert (found.a, found.b) == (IDS[0], IDS[1])
    found = weakest(IDS[:2], result((2, 3, 900_000)), [Judged(IDS[1], IDS[0], Verdict.SAME)])
    assert found.judged
    assert weakest(IDS[:1], pairs) is None


@pytest.mark.parametrize("seed", range(8))
def test_without_it_the_cluster_is_two_and_with_it_one(seed):
    draw = random.Random(seed)
    pairs = [(a, b, draw.randrange(10_000, 1_000_000)) for a in range(6) for b in range(a + 1, 6)]
    found = weakest(IDS, result(*pairs))
    at = round(found.probability * 1e6)
    stronger = [(a, b) for a, b, ppm in pairs if ppm > at]
    assert not whole(range(6), stronger)
    assert whole(range(6), [(a, b) for a, b, ppm in pairs if ppm >= at])
