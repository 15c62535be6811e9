"""The chain ladder on a triangle worked by hand."""

import numpy as np
import pytest

from gavah.estimate.ladder import reach, reported_by, totals


def test_a_triangle_worked_by_hand():
    """Days 0-3 seen to day 3. Delay 2: 2 of (6 + 2 + 2) + ... : day 0 (6, 2, 2), day 1 (3, 3, 0), day 2 (5, 1), day 3 (4)."""
    counts = np.array([[6, 2, 2], [3, 3, 0], [5, 1, 0], [4, 0, 0]])
    share = reported_by(counts, 3)
    # F(1) = 1 - 2 / 16 = 14 / 16; F(0) = F(1) (1 - 6 / 20) = 14 / 16 * 14 / 20
    assert share.tolist() == pytest.approx([0.6125, 0.875, 1.0])
    assert totals(counts, share, 3).tolist() == pytest.approx([10, 6, (6 + 0.125) / 0.875, (4 + 0.3875) / 0.6125])
    assert [reach(share, part) for part in (0.5, 0.8, 0.9)] == [0, 1, 2]
