from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_builders import report

from gavah.register import Ancestry, independent_count, upstream
from gavah.register.cases import build_case
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
    return independent_count(reports, Ancestry(dict.fromkeys(sources, ()) | (derived or {})))


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


# --- circular reporting ------------------------------------------------------------------------------------------------


def test_three_that_cite_each_other_in_a_circle_are_one_source():
    """A past defect: each cited another page, and so they counted as three."""
    urls = {"a.org": ("https://www.b.org/x",), "b.org": ("http://c.org/y?utm_source=z",), "c.org": ("https://a.org/",)}
    assert count(urls, urls=urls) == 1
    assert count([*urls, "D"], urls=urls) == 2
    named = {"Group A": ("Group B",), "Group B": ("group c",), "Group C": ("GROUP A",)}
    assert count(named, urls=named) == 1


def test_a_source_that_cites_itself_is_one_source():
    assert count(["t.me/ward"], urls={"t.me/ward": ("https://t.me/s/ward/9",)}) == 1
    assert count(["t.me/ward", "B"], urls={"t.me/ward": ("https://t.me/s/ward/9",)}) == 2
    assert count(["t.me/ward", "B"], urls={"t.me/ward": ("https://t.me/ward/9",), "B": ("https://t.me/ward/12",)}) == 1


def test_a_long_chain_of_citations_is_one_original_source():
    names = [f"s{n}.org" for n in range(15)]
    urls = {name: (f"https://{above}/p",) for name, above in zip(names[1:], names, strict=False)}
    assert count(names, urls=urls) == 1
    assert count([names[0], names[-1]], urls=urls) == 2  # who is between them says nothing in this case
    derived = dict(zip(names[1:], ((above,) for above in names), strict=False))
    assert count([names[0], names[-1]], derived) == 1  # unless it was declared


def test_a_source_derived_from_two_repeats_both():
    assert count("ABD", {"D": ("A", "B")}) == 2
    assert count("AD", {"D": ("A", "B")}) == 1
    assert count("BD", {"D": ("A", "B")}) == 1


def test_who_derives_from_a_file_of_several_sources_derives_from_each():
    """A past defect: `--derived-from FILE` of a list split by its source column tied nothing."""
    derived = {"Copy": ("FILE",), "FILE/a": (), "FILE/b": ()}
    assert count(["FILE/a", "FILE/b"], derived) == 2
    assert count(["FILE/a", "FILE/b", "Copy"], derived) == 2
    assert count(["FILE/a", "Copy"], derived) == 1


def test_a_grade_that_needs_two_counts_originals():
    urls = {"a.org": ("https://b.org/x",), "b.org": ("https://c.org/y",), "c.org": ("https://a.org/z",)}
    circle = [report(name, name, urls=urls[name]) for name in urls]
    for rows, expected in ((circle, "weak"), ([*circle, report("D", "D")], "fair")):
        case = build_case(rows, {rows[0].report_id: "C-1"}, Ancestry(dict.fromkeys(urls, ())), {}, {})
        assert case.grade == expected
        assert len(case.sources) == len(rows)


SITES = [f"{letter}.org" for letter in "abcdef"]
worlds = st.tuples(
    st.lists(st.sampled_from(SITES), min_size=1, max_size=6, unique=True),
    st.dictionaries(
        st.sampled_from(SITES), st.lists(st.sampled_from([*SITES, "old.org"]), max_size=2).map(tuple), max_size=4
    ),
    st.dictionaries(st.sampled_from(SITES), st.lists(st.sampled_from([*SITES, "else.net"]), max_size=2), max_size=6),
)


def by_reachability(names, derived, cites):
    """The largest set of sources in the case of which no two reach a common thing: every pair of things joined step by step until nothing is added
    (Warshall), then every subset tried. A source that is not in the case cites nothing in it.
    """
    things = sorted({*names, *derived, *(x for many in (derived, cites) for xs in many.values() for x in xs)})
    reach = {x: {x} for x in things}
    for x in things:
        reach[x] |= set(derived.get(x, ()))
        if x in names:
            reach[x] |= set(cites.get(x, ()))
    for middle in things:
        for x in things:
            if middle in reach[x]:
                reach[x] |= reach[middle]
    return max(
        size
        for size in range(1, len(names) + 1)
        for chosen in combinations(names, size)
        if all(reach[a].isdisjoint(reach[b]) for a, b in combinations(chosen, 2))
    )


@settings(max_examples=200, deadline=None)
@given(worlds, st.randoms())
def test_originals_are_counted_as_by_brute_force_in_any_order(world, random):
    names, derived, cites = world
    rows = [
        report(f"{name} {at}", name, urls=(f"https://www.{cited}/page{at}?fbclid=1",) if cited else ())
        for name in names
        for at, cited in enumerate([None, *cites.get(name, ())])
    ]
    random.shuffle(rows)
    keys = list(derived)
    random.shuffle(keys)
    # `else.net` is no source: only one and the same page of it ties
    pages = {
        name: [f"else.net/{at}" if c == "else.net" else c for at, c in enumerate(cited, 1)]
        for name, cited in cites.items()
    }
    known = {name: derived.get(name, ()) for name in (*keys, *SITES, "old.org")}
    assert independent_count(rows, Ancestry(known)) == by_reachability(names, derived, pages)


@settings(max_examples=60, deadline=None)
@given(worlds, st.sampled_from(SITES), st.sampled_from(SITES))
def test_citing_more_never_raises_the_count(world, who, whom):
    names, derived, cites = world
    known = {name: derived.get(name, ()) for name in SITES}

    def counted(told):
        rows = [report(name, name, urls=tuple(f"https://{one}/x" for one in told.get(name, ()))) for name in names]
        return independent_count(rows, Ancestry(known))

    assert 1 <= counted({**cites, who: [*cites.get(who, ()), whom]}) <= counted(cites)
