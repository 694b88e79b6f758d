import pytest

from crawler.extract.decode import decode

TEXT = "<html><body><p>黄石市招商引资项目集中签约，总投资86.4亿元。</p></body></html>"


def test_utf8_is_recognised_without_a_declaration() -> None:
    assert decode(TEXT.encode()) == (TEXT, "utf-8")


def test_utf8_is_recognised_although_the_page_declares_gb2312() -> None:
    page = '<meta charset="gb2312">' + TEXT
    assert decode(page.encode(), "text/html; charset=gb2312") == (page, "utf-8")


def test_gbk_is_recognised_although_the_page_declares_utf8() -> None:
    page = '<meta charset="utf-8">' + TEXT
    assert decode(page.encode("gbk")) == (page, "gb18030")


def test_gb2312_is_read_as_gb18030_so_that_rare_characters_survive() -> None:
    page = '<meta charset="gb2312"><p>镕基、喆、㙍、𠮷</p>'
    assert decode(page.encode("gb18030"))[0] == page


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_settles_the_charset(charset: str) -> None:
    assert decode(TEXT.encode(charset))[0] == TEXT


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised_by_its_nuls(charset: str) -> None:
    assert decode(TEXT.encode(charset)) == (TEXT, charset)


def test_utf8_with_a_few_broken_bytes_stays_utf8() -> None:
    broken = TEXT.encode().replace("签".encode(), b"\xe7\xad")
    text, charset = decode(broken * 3)
    assert charset == "utf-8"
    assert text.count("\ufffd") == 3


def test_utf8_cut_inside_a_character_stays_utf8() -> None:
    body = (TEXT * 20).encode()
    assert decode(body[: body.rindex("亿".encode()) + 1])[1] == "utf-8"


def test_gbk_cut_inside_a_character_stays_gbk() -> None:
    body = (TEXT * 20).encode("gbk")
    text, charset = decode(body[: body.rindex("亿".encode("gbk")) + 1])
    assert charset == "gb18030"
    assert "总投资86.4" in text


def test_big5_is_read_where_it_is_declared_and_reads_better() -> None:
    page = '<meta charset="big5"><p>這是一個開發區的說明，對於企業發展會有幫助。</p>'
    assert decode(page.encode("big5")) == (page, "big5")


@pytest.mark.parametrize("name", ["no-such-charset", "rot13", "hex", "utf-7", "\u4e2d"])
def test_an_unknown_charset_name_is_ignored(name: str) -> None:
    body = f'<meta charset="{name}">'.encode() + TEXT.encode("gbk")
    assert "总投资86.4亿元" in decode(body, f"text/html; charset={name}")[0]


def test_the_text_holds_no_nul_and_no_surrogate() -> None:
    text, _ = decode(b"a\x00b\xed\xa0\x80c" + TEXT.encode())
    assert "\x00" not in text
    assert text.encode("utf-8")
