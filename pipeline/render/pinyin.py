"""Names in pinyin, for the sort keys of catalogues (file-as). The only file that knows pypinyin."""

# Characters that are read otherwise in a surname: Xiandai Hanyu Cidian, entries marked 姓.
_SURNAMES = {
    "单": "Shan", "仇": "Qiu", "解": "Xie", "任": "Ren", "曾": "Zeng", "查": "Zha", "区": "Ou", "朴": "Piao",
    "盖": "Ge", "翟": "Zhai", "覃": "Qin", "员": "Yun", "乐": "Yue", "缪": "Miao", "宓": "Mi", "折": "She",
    "黑": "He", "繁": "Po", "召": "Shao", "洗": "Xian", "燕": "Yan", "应": "Ying", "尉迟": "Yuchi",
    "万俟": "Moqi", "长孙": "Zhangsun", "澹台": "Tantai", "單": "Shan", "區": "Ou", "蓋": "Ge", "員": "Yun",
    "樂": "Yue", "繆": "Miao", "應": "Ying", "尉遲": "Yuchi", "萬俟": "Moqi", "長孫": "Zhangsun", "澹臺": "Tantai",
}  # fmt: skip


def file_as(name: str) -> str:
    """`name` as catalogues sort it: "Xu Feng" for 许峰; empty where no character has a reading (a Latin name).

    Syllables stand apart; a surname of two characters that the table knows is one word. Left alone: what is not Han.
    """
    from pypinyin import lazy_pinyin  # noqa: PLC0415  its dictionaries take 0.3 s to load, and few runs need them

    for surname in (name[:2], name[:1]):
        if surname in _SURNAMES and 1 < len(name) <= 4:
            rest = lazy_pinyin(name[len(surname) :])
            return " ".join([_SURNAMES[surname], *(syllable.capitalize() for syllable in rest)])
    syllables = lazy_pinyin(name)
    if "".join(syllables) == name:
        return ""
    return " ".join(syllable.strip().capitalize() for syllable in syllables if syllable.strip())
