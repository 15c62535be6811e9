"""The time inside the number of a post."""

import pytest

from gavah.intake import posted


def test_the_worked_example_of_the_scheme():
    """Wikipedia, "Snowflake ID": 1541815603606036480 is 28 June 2022, 16:07:40.105 UTC."""
    assert posted("https://twitter.com/someone/status/1541815603606036480") == 1_656_432_460_105
    assert posted("https://x.com/someone/status/1541815603606036480?s=20") == 1_656_432_460_105


@pytest.mark.parametrize("url", ["", "https://example.org/status/1541815603606036480", "https://x.com/a/status/12", "https://max.com/a/status/1541815603606036480",
                                 "https://x.com/a/status/99999999999999999999999"])  # fmt: skip
def test_other_addresses_say_nothing(url):
    assert posted(url) is None
