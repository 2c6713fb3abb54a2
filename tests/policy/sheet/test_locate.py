"""Where keys and values stand in a TOML text, held against what `tomllib` reads there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from shequ_core.policy.plain import Step
from shequ_core.policy.sheet.locate import line_and_character, locate

Way = tuple[Step, ...]

WORDS = st.sampled_from(["a", "b", "staffing", "220104", "step-1", "办法", "a.b", "#", "]", "=", '"', "'", "", "\\", "\n"])
BLANKS = st.sampled_from(["", " ", "\t", "  "])
LINES = st.sampled_from(["", "\n", " # 注 = [ \" '''\n", "\n\n  "])


def _basic(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'


def _names() -> st.SearchStrategy[str]:
    bare = st.sampled_from(["a", "b", "staffing", "220104", "step-1", "1_x"])
    literal = WORDS.filter(lambda text: "'" not in text and "\n" not in text).map(lambda text: f"'{text}'")
    return st.one_of(bare, bare, WORDS.map(_basic), literal)


def _keys() -> st.SearchStrategy[str]:
    return st.tuples(st.lists(_names(), min_size=1, max_size=3), BLANKS).map(lambda one: f"{one[1]}.{one[1]}".join(one[0]))


def _long(mark: str) -> st.SearchStrategy[str]:
    inside = st.lists(st.sampled_from(["x", "\n", "'", '"', "# ", "]", "}", " "]), max_size=6).map("".join)
    return inside.filter(lambda text: mark * 3 not in f"{text}" and "\\" not in text).map(
        lambda text: f"{mark * 3}{text}{mark * 3}"
    )


SCALARS = st.one_of(
    st.sampled_from(["1", "-17", "0x1F", "1.5", "inf", "true", "false", "2022-07-01", "07:32:00", "1979-05-27 07:32:00"]),
    st.sampled_from(["1979-05-27T07:32:00Z", "1_000"]),
    WORDS.map(_basic), _long('"'), _long("'"),
)  # fmt: skip


def _holding(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.tuples(st.lists(st.tuples(inner, LINES), max_size=3), LINES, st.booleans()).map(
        lambda one: f"[{one[1]}{','.join(f'{item}{gap}' for item, gap in one[0])}{',' if one[2] and one[0] else ''}{one[1]}]"
    )
    tables = st.lists(st.tuples(_keys(), BLANKS, inner), max_size=3).map(
        lambda rows: f"{{ {', '.join(f'{key}{gap}={gap}{item}' for key, gap, item in rows)} }}"
    )
    return lists | tables


VALUES = st.recursive(SCALARS, _holding, max_leaves=5)
PAIRS = st.tuples(_keys(), BLANKS, VALUES, LINES).map(lambda one: f"{one[0]}{one[1]}={one[1]}{one[2]} # 注\n{one[3]}")
HEADS = st.tuples(_keys(), st.booleans(), BLANKS).map(
    lambda one: f"[[{one[2]}{one[0]}{one[2]}]]\n" if one[1] else f"{one[2]}[{one[0]}]\n"
)
TEXTS = st.lists(st.one_of(HEADS, PAIRS, PAIRS), max_size=7).map("".join)


def ways(data: object, way: Way = ()) -> Iterator[tuple[Way, object]]:
    """Yield every part of TOML data with the way to it."""
    parts: Iterator[tuple[Step, object]] = iter(())
    if isinstance(data, Mapping):
        parts = iter(data.items())
    elif isinstance(data, list):
        parts = iter(enumerate(data))
    for step, part in parts:
        yield (*way, step), part
        yield from ways(part, (*way, step))


@given(text=TEXTS)
@example(text='[[a.b]]\nx = 1\n[a.b.c]\ny = 2\n[[a.b]]\nx = 3\n[a."d e"]\nz = """""x"""""\n')
@settings(max_examples=80)
def test_every_key_and_value_stands_where_tomllib_reads_it(text: str) -> None:
    """Each part that tomllib reads has a spot; there its name stands, and what stands there reads as the same."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)  # as hypothesis has it
    spots = dict(locate(text).paths())
    found = dict(ways(data))
    assert spots.keys() == found.keys()
    for way, value in found.items():
        spot = spots[way]
        if isinstance(way[-1], str):
            rest = text[spot.key :]
            name = next(end for end in range(1, len(rest) + 1) if _reads_as(rest[:end], way[-1], rest[end : end + 1]))
            assert name
        written = text[spot.start : spot.end]
        if not spot.headed and written:  # a table that dotted keys make has no text of its own
            assert repr(tomllib.loads(f"x = {written}")["x"]) == repr(value)


def _reads_as(written: str, name: str, after: str) -> bool:
    try:
        return after in " \t.=]" and list(tomllib.loads(f"{written} = 1")) == [name]
    except tomllib.TOMLDecodeError:
        return False


@pytest.mark.parametrize(
    ("way", "line", "character"),
    [
        pytest.param(("place",), 2, 1, id="a key"),
        pytest.param(("办 法", "title"), 4, 3, id="a key in a table, behind blanks"),
        pytest.param(("220104", "step", 1, "value"), 8, 1, id="in the second of several tables"),
        pytest.param(("220104", "step", 1, "value", 1, "kind"), 9, 3, id="inside a list of several lines"),
    ],
)
def test_lines_and_characters_count_from_one(way: Way, line: int, character: int) -> None:
    """As an editor counts them; a Chinese character is one."""
    text = (
        "# 注\nplace = 1\n[\"办 法\"]\n  title = ''\n[[220104.step]]\nvalue = 1\n[[220104.step]]\nvalue = [1,\n"
        "{ kind = 1 }]\n"
    )
    assert line_and_character(text, locate(text).at(way).key) == (line, character)
