"""What a book says of itself, out of places that each may be misread."""

from pipeline.book import Creator, Metadata
from pipeline.config import StructureSettings
from pipeline.notice import Notice
from pipeline.pages import Page
from pipeline.render.imprint import cip_record
from pipeline.structure import cip, colophon, contents, hear, imprint, metadata, title_page
from pipeline.structure.readings import Reading, agreed, window

FRONT = (cip.RULE, colophon.RULE, contents.RULE, title_page.RULE)


def read(text: str, name: str = "") -> tuple[Metadata, tuple[Notice, ...]]:
    draft, _, _ = hear(text.strip("\n").split("\n"), (), StructureSettings(), FRONT)
    return metadata.read(draft, name)


def codes(notices: tuple[Notice, ...]) -> list[str]:
    return [notice.code for notice in notices]


WHOLE = """
江南园林小记

林如海 编著

西泠出版社



图书在版编目（CIP）数据
江南园林小记/林如海编著.—杭州:西泠出版社,2015.6
ISBN 978-7-5051-2622-0
Ⅰ.①江… Ⅱ.①林… Ⅲ.①园林艺术—江南 Ⅳ.①TU986.625
中国版本图书馆CIP数据核字（2015）第100001号
书　　名　江南园林小记
编　　著　林如海
责任编辑　王　芳
出版发行　西泠出版社
（杭州市文一路5号　310012）
经　　销　新华书店
印　　刷　杭州富春印刷厂
版　　次　2015年7月第1版
印　　次　2016年2月第2次印刷
开　　本　880毫米×1230毫米　1/32
印　　张　6.5
字　　数　120千字
书　　号　ISBN 978-7-5051-2622-0
定　　价　35.00元



第一章　沧浪亭

沧浪亭在苏州城南，本是五代时一位将军的池馆，后来归了一位被贬的诗人，才有了今天的名字。
"""


def test_a_clean_imprint_gives_everything() -> None:
    book, notices = read(WHOLE)
    assert notices == ()
    assert book == Metadata(
        title="江南园林小记",
        creators=(Creator("林如海", "编著"),),
        publisher="西泠出版社",
        place="杭州",
        isbn="978-7-5051-2622-0",
        cip="(2015)第100001号",
        cip_creators="林如海编著",
        cip_date="2015.6",
        classes=("TU986.625",),
        subjects=("园林艺术—江南",),
        date="2015-07",  # the edition's own month, not the CIP block's
        edition="2015年7月第1版",
        printing="2016年2月第2次印刷",
        format="880毫米×1230毫米 1/32",
        sheets="6.5",
        words="120千字",
        price="35.00元",
        facts=book.facts,
    )


def test_facts_come_in_print_order_with_their_lines() -> None:
    book, _ = read(WHOLE)
    assert [(fact.label, fact.value) for fact in book.facts][:5] == [
        ("书名", "江南园林小记"),
        ("编著", "林如海"),
        ("责任编辑", "王芳"),
        ("出版发行", "西泠出版社"),
        ("", "（杭州市文一路5号 310012）"),
    ]
    lines = [fact.line for fact in book.facts]
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert lines[0] == 13


def test_two_places_outvote_a_misread_one() -> None:
    text = WHOLE.replace("江南园林小记\n\n", "讧南园林小记\n\n", 1)
    book, notices = read(text.replace("编　　著　林如海", "编　　著　材如海"))
    assert book.title == "江南园林小记"
    assert book.creators == (Creator("林如海", "编著"),)
    assert codes(notices) == ["metadata-disagrees", "metadata-disagrees"]
    assert ("编著", "林如海") in [(fact.label, fact.value) for fact in book.facts]


def test_three_readings_with_an_error_each_vote_by_position() -> None:
    readings = [Reading("讧南园林", "title-page"), Reading("江甫园林", "cip"), Reading("江南圆林", "colophon")]
    assert agreed(readings) == "江南园林"


def test_the_best_witness_wins_a_tie() -> None:
    assert agreed([Reading("瞿秋", "title-page"), Reading("惧秋", "cip")]) == "瞿秋"
    assert agreed([]) == ""


def test_a_window_is_at_least_half_alike() -> None:
    assert window("林如海", "材如海著") == "材如海"
    assert window("林如海", "王小明著") == ""


def test_a_role_that_the_ocr_broke() -> None:
    book, _ = read(WHOLE.replace("林如海 编著\n", "林如海 闭\n").replace("林如海编著.", "林如海车."))
    assert [creator.name for creator in book.creators] == ["林如海"]


def test_an_isbn_that_does_not_check_is_kept_and_said() -> None:
    book, notices = read(WHOLE.replace("978-7-5051-2622-0", "978-7-5051-2622-1"))
    assert book.isbn == "978-7-5051-2622-1"
    assert codes(notices) == ["isbn-check-digit"]


def test_an_isbn_is_mended_by_the_place_that_checks() -> None:
    book, notices = read(WHOLE.replace("号　ISBN 978-7-5051-2622-0", "号　ISBN 978-7-5051-2623-0"))
    assert book.isbn == "978-7-5051-2622-0"
    assert codes(notices) == ["metadata-disagrees"]
    assert ("书号", "ISBN 978-7-5051-2622-0") in [(fact.label, fact.value) for fact in book.facts]


def test_letters_in_an_isbn_are_digits() -> None:
    assert read(WHOLE.replace("978-7-5051-2622-0", "978-7-5O5l-2622-0"))[0].isbn == "978-7-5051-2622-0"


def test_an_isbn_without_hyphens_gets_them() -> None:
    assert read(WHOLE.replace("978-7-5051-2622-0", "9787505126220"))[0].isbn == "978-7-5051-2622-0"


def test_a_year_is_checked_against_the_cip_block() -> None:
    book, notices = read(WHOLE.replace("2015年7月第1版", "2075年7月第1版").replace("2016年2月第2次", "2015年2月第2次"))
    assert book.date == "2015-06"
    assert "metadata-disagrees" in codes(notices)


def test_several_creators_and_translators() -> None:
    book, _ = read(WHOLE.replace("/林如海编著.", "/（美）约翰·史密斯,玛丽·布朗著;王芳译."))
    assert book.creators == (Creator("约翰·史密斯", "著"), Creator("玛丽·布朗", "著"), Creator("王芳", "译"))


def test_a_body_that_writes_as_one() -> None:
    text = WHOLE.replace("林如海 编著", "◎ 本书编写组").replace("编　　著　林如海", "作　　者　本书编写组")
    book, _ = read(text.replace("/林如海编著.", "/《江南园林小记》编写组编写."))
    assert book.creators == (Creator("本书编写组", "编写"),)
    text = WHOLE.replace("林如海 编著\n", "").replace("编　　著　林如海\n", "")
    book, _ = read(text.replace("/林如海编著.", "/本社编."))
    assert book.creators == (Creator("本社", "编"),)


def test_a_subtitle_and_a_series() -> None:
    text = WHOLE.replace("江南园林小记/林", "江南园林小记:从沧浪亭到豫园/林")
    book, _ = read(text.replace("江南园林小记\n\n林", "“山水”文化丛书\n\n江南园林小记\n——从沧浪亭到豫园\n\n林", 1))
    assert (book.title, book.subtitle) == ("江南园林小记", "从沧浪亭到豫园")
    assert book.series == "“山水”文化丛书"


def test_a_title_page_alone() -> None:
    book, notices = read(
        "江南园林小记\n林如海 著\n西泠出版社\n\n第一章 沧浪亭\n\n沧浪亭在苏州城南，本是一位将军的池馆，后来才归了诗人。"
    )
    assert (book.title, book.creators, book.publisher) == ("江南园林小记", (Creator("林如海", "著"),), "西泠出版社")
    assert notices == ()


def test_no_front_matter_gives_the_file_name_and_invents_nothing() -> None:
    book, notices = read("第一章 沧浪亭\n\n沧浪亭在苏州城南，本是一位将军的池馆，后来才归了一位诗人。", "garden")
    assert book == Metadata(title="garden")
    assert codes(notices) == ["title-from-file"]


def test_the_entries_of_the_cip_block_settle_a_tie() -> None:
    text = WHOLE.replace("\n江南园林小记/林", "\n人江南园林小记/林").replace("书　　名　江南园林小记\n", "")
    assert read(text)[0].title == "江南园林小记"


def test_a_dash_misread_as_one_is_no_part_of_a_name() -> None:
    book, _ = read(WHOLE.replace("林如海编著.—", "顾一苇著.一").replace("林如海", "顾一苇"))
    assert (book.place, book.creators[0].name) == ("杭州", "顾一苇")


def test_a_running_head_through_the_book_is_its_title() -> None:
    """Cleaning has emptied the heads; what they said stands with the pages."""
    pages = tuple(Page(n, n + 1, heads=(f"{n} 江南园林小记" if n % 2 else "第一章 沧浪亭",)) for n in range(12))
    draft, _, _ = hear(["沧浪亭在苏州城南，本是一位将军的池馆。"] * 12, pages, StructureSettings(), FRONT)
    assert metadata.read(draft, "garden")[0].title == "江南园林小记"


def test_a_title_line_of_the_colophon_that_was_taken_for_a_running_head() -> None:
    pages = (Page(0, 1), Page(1, 2, head_lines=(1,), heads=("書 “名 渡頭舊事",)))
    draft, _, _ = hear(["從前有一個渡頭，渡頭上有一個老人，日日撐船過江。", ""], pages, StructureSettings(), FRONT)
    assert metadata.read(draft, "ferry")[0].title == "渡頭舊事"


def test_a_chapter_in_the_running_head_is_not_the_title() -> None:
    pages = tuple(Page(n, n + 1, heads=("沧浪亭",) if n < 5 else ()) for n in range(12))
    draft, _, _ = hear(["沧浪亭在苏州城南，本是一位将军的池馆。"] * 12, pages, StructureSettings(), FRONT)
    assert metadata.read(draft, "garden")[0].title == "garden"


def test_empty_text() -> None:
    assert read("", "empty")[0] == Metadata(title="empty")


def test_a_traditional_imprint_at_the_end() -> None:
    book, _ = read(
        "山居歲時記\n\n沈秋白　著\n\n遠山出版社\n\n第一章　春\n\n"
        "一夜無話。次日天明，眾人各自收拾行裝，沿着江岸向東去了。\n\n"
        "書　　名　山居歲時記\n\n作　　者　沈秋白\n\n出 版 者　遠山出版社\n\n地　　址　臺北市重慶南路一段57號\n\n"
        "初版一刷　民國八十七年十一月\n\n定　　價　新臺幣280元\n\nＩＳＢＮ　978-957-00-0123-4\n\n版權所有．翻印必究"
    )
    assert (book.title, book.publisher, book.place, book.date) == ("山居歲時記", "遠山出版社", "臺北", "1998-11")
    assert book.creators == (Creator("沈秋白", "著"),)
    assert [fact.label for fact in book.facts][:3] == ["書名", "作者", "出版者"]


def test_statements_without_labels() -> None:
    book, _ = read(
        "算术浅说\n\n周启明 著\n\n东方书店出版社出版\n（上海福州路3号）\n新华书店发行\n光明印刷厂印刷\n"
        "787×1092毫米 32开本 5印张 80千字\n1981年3月第1版 1981年3月第1次印刷\n印数 1—10000册\n"
        "统一书号 10019·2938 定价 0.42元\n\n第一章 数\n\n数是从数手指头开始的，后来才有了许多别的办法。"
    )
    assert (book.title, book.date, book.price) == ("算术浅说", "1981-03", "0.42元")
    assert "新华书店发行" in [fact.value for fact in book.facts]


def test_two_columns_are_paired_by_order_and_kind() -> None:
    lines = "书: 各\n着 者\n责任编辑\n出版发行\n地 “址\n开本\n六:二细\n版”次\n\n算术浅说\n\n周启明\n\n王 芳\n\n"
    lines += "东方书店出版社\n\n上海市福州路 3 号\n\n880 毫米x1230 毫米 “1132\n25千字\n\n"
    lines += "1999年2月第1版，1999年2月第1次印刷"
    fields = imprint.read(list(enumerate(lines.split("\n"))))
    assert [(field.label, field.value) for field in fields] == [
        ("", "算术浅说"),
        ("著者", "周启明"),
        ("责任编辑", "王 芳"),
        ("出版发行", "东方书店出版社"),
        ("地址", "上海市福州路 3 号"),
        ("开本", "880 毫米x1230 毫米 “1132"),
        ("字数", "25千字"),
        ("版次", "1999年2月第1版，1999年2月第1次印刷"),
    ]


def test_broken_labels_are_told_by_their_values() -> None:
    text = "刷，华光印刷有限公司\n本 880 毫米x1230 毫米 132\n次 2011年5月第1版 2011年5月第1次印刷\n"
    text += "价 18.00元\n销 新华书店"
    fields = imprint.read(list(enumerate(text.split("\n"))))
    assert [field.label for field in fields] == ["印刷", "开本", "版次", "定价", "经销"]


def test_words_that_begin_like_labels_are_none() -> None:
    for text in ("出版前言", "印刷术的发明", "作者的话", "定价的办法", "编者按", "地址不详的信"):
        assert not any(field.label for field in imprint.fields(text)), text


def test_the_cip_record_keeps_its_own_words_and_date() -> None:
    """The record is older than the imprint, and names a compiling body in full."""
    text = WHOLE.replace("小记/林如海编著", "小记/《江南园林小记》编写组编写").replace("林如海", "本书编写组")
    book, _ = read(text)
    assert (book.cip_creators, book.cip_date, book.date) == ("《江南园林小记》编写组编写", "2015.6", "2015-07")
    record = cip_record(book)
    assert record is not None
    assert "《江南园林小记》编写组编写" in record.description
    assert record.description.endswith("2015.6")
