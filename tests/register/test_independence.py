from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_builders import report

from gavah.register import Ancestry, independent_count, upstream
from gavah.register.independence import _greedy_set, _largest_set


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://t.me/some_channel/812", "http://telegram.me/s/Some_Channel/9?single"),
        ("https://twitter.com/Witness1/status/1", "https://mobile.x.com/witness1/status/2?s=20"),
        ("https://www.example.org/a/b/?utm_source=x#top", "http://example.org/a/b"),
        ("https://web.archive.org/web/20230101000000/https://example.org/a", "https://example.org/a"),
        ("https://t.me/c/1234/5", "https://t.me/c/1234/6"),
    ],
)
def test_one_upstream(url, same):
    assert upstream(url) == upstream(same)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://t.me/a_channel/1", "https://t.me/b_channel/1"),
        ("https://x.com/a/status/1", "https://x.com/b/status/1"),
        ("https://example.org/?id=1", "https://example.org/?id=2"),
        ("https://example.org/a", "https://example.org/b"),
        ("https://t.me/joinchat/aaa", "https://t.me/joinchat/bbb"),
    ],
)
def test_two_upstreams(url, other):
    assert upstream(url) != upstream(other)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_upstream_never_raises(text):
    assert isinstance(upstream(text), str)
    assert isinstance(upstream("https://t.me/" + text), str)


def count(sources, derived=None, urls=None):
    urls = urls or {}
    reports = [report(s, s, urls=urls.get(s, ())) for s in sources]
    return independent_count(reports, Ancestry(derived or {}))


def test_declared_derivation():
    assert count("ABC") == 3
    assert count("ABC", {"B": ("A",)}) == 2
    assert count("AC", {"B": ("A",), "C": ("B",)}) == 1  # transitively, through a source without a report
    assert count("BC", {"B": ("X",), "C": ("X",)}) == 1  # a common ancestor
    assert count("ABC", {"A": ("B",), "B": ("A",)}) == 2  # a cycle is tolerated
    assert count("A", {"A": ("A",)}) == 1


def test_sources_that_cite_one_channel_are_one_voice():
    urls = {
        "A": ("https://t.me/some_channel/1",),
        "B": ("https://t.me/some_channel/2",),
        "C": ("https://example.org/x",),
    }
    assert count("ABC", urls=urls) == 2


def test_a_chain_counts_its_ends():
    urls = {"A": ("https://e.org/1",), "B": ("https://e.org/1", "https://e.org/2"), "C": ("https://e.org/2",)}
    assert count("ABC", urls=urls) == 2  # A and C share nothing


def brute(names, ties):
    return max(
        size
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
        if all(b not in ties[a] for a, b in combinations(chosen, 2))
    )


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))))
    )
)
def test_the_largest_set_is_the_largest(graph):
    n, edges = graph
    names = [str(i) for i in range(n)]
    ties = {name: set() for name in names}
    for a, b in edges:
        if a != b:
            ties[str(a)].add(str(b))
            ties[str(b)].add(str(a))
    assert _largest_set(names, ties) == brute(names, ties)
    assert 1 <= _greedy_set(names, ties) <= _largest_set(names, ties)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.sampled_from("ABCDEFX"), max_size=3).map(tuple)),
    st.sampled_from("ABCDEF"),
    st.sampled_from("ABCDEFX"),
)
def test_declaring_more_never_raises_the_count(derived, child, parent):
    before = count("ABCDEF", derived)
    after = count("ABCDEF", {**derived, child: (*derived.get(child, ()), parent)})
    assert 1 <= after <= before
    ancestry = Ancestry(derived)
    assert all(ancestry.independent(a, b) == ancestry.independent(b, a) for a, b in combinations("ABCDEF", 2))


def test_many_sources_are_counted_in_time():
    urls = {f"S{i}": (f"https://e.org/{i}", f"https://e.org/{(i + 1) % 40}") for i in range(40)}
    assert count([f"S{i}" for i in range(40)], urls=urls) == 20  # a ring of forty
