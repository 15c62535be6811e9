"""Some hundred damaged bundles, in every layer. `bench/carry.py mutate` runs twenty thousand."""

import pytest
from tests.carry.bundles import READER
from tests.carry.mutations import LAYERS, Maker, tried

from gavah import carry


@pytest.mark.parametrize("layer", LAYERS)
def test_a_damaged_bundle_is_refused_or_what_its_sender_signed(layer):
    maker = Maker(layer)
    ids = {item.item_id() for item in maker.items}
    told = [tried(maker.case(layer), ids) for _ in range(80)]
    assert told.count("stranger" if layer == "object" else "refused") > 40


def test_the_good_one_opens():
    maker = Maker(0)
    assert list(carry.open_bundle(maker.good.sealed, [READER], "x").items()) == maker.items
