"""Every error of the tree says what is wrong and, filled in, leaves no template mark behind."""

import string

import pytest

from gavah.model import errors


def tree(cls=errors.GavahError):
    yield cls
    for child in cls.__subclasses__():
        yield from tree(child)


@pytest.mark.parametrize("cls", [c for c in tree() if c.__module__ == "gavah.model.errors"], ids=lambda c: c.__name__)
def test_templates_fill(cls):
    names = {name for text in (cls.template, cls.cure) for _, name, _, _ in string.Formatter().parse(text) if name}
    shown = str(cls(**{name: f"<{name}>" for name in names}))
    assert all(f"<{name}>" in shown for name in names)


def test_the_tree_drawn_is_the_tree_that_is():
    drawn = errors.__doc__
    missing = [c.__name__ for c in tree() if c.__module__ == "gavah.model.errors" and c.__name__ not in drawn]
    assert not missing
