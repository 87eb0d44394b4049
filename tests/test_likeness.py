"""Names that may be like another: none is missed, and few others are let through."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from pipeline.structure.likeness import Names

_WORDS = st.text("总论第一章中国革命的历史问题", max_size=12)


@given(st.lists(_WORDS, max_size=300), _WORDS, st.sampled_from([59.0, 84.0, 90.0]), st.integers(0, 300))
def test_no_like_name_is_missed(names: list[str], name: str, per_cent: float, start: int) -> None:
    near = range(min(start, len(names)), min(start + 120, len(names)))
    alike = [at for at in near if name and fuzz.ratio(name, names[at]) >= per_cent]
    found = Names(names).like(name, near, per_cent)
    assert set(alike) <= set(found) <= set(near)
    assert found == sorted(found)


def test_unlike_names_are_spared() -> None:
    names = ["社会主义的起源", "第二章 国家与革命", "帝国主义论", "后记"]
    assert Names(names).like("国家和革命", range(4), 84.0) == [1]
