import pytest

from tests.extract.pages import FIRST, LAST, SECOND, URL, article_page, page, read

BODY = f"{FIRST}\n{SECOND}\n{LAST}"


def test_paragraphs_come_one_a_line() -> None:
    assert read(article_page()).body == BODY


def test_breaks_part_lines_as_paragraphs_do() -> None:
    article = read(page(f"<div class='con'>{FIRST}<br><br>　　{SECOND}<br>{LAST}</div>"))
    assert article.body == BODY


def test_markup_inside_a_paragraph_does_not_part_it() -> None:
    article = read(article_page("<p>项目<b>总投资</b><span>45</span>亿元，<a href='/x'>详情</a>见公告。</p>"))
    assert article.body.endswith("\n项目总投资45亿元，详情见公告。")


def test_a_line_break_of_the_source_between_chinese_characters_leaves_no_space() -> None:
    article = read(article_page("<p>签约仪式在\n      国际会展中心举行，市领导出席。</p>"))
    assert article.body.endswith("签约仪式在国际会展中心举行，市领导出席。")


def test_headings_and_list_items_are_lines() -> None:
    article = read(article_page("<h3>一、主要做法</h3><ul><li>压实责任；</li><li>优化服务。</li></ul>"))
    assert article.body.endswith("\n一、主要做法\n压实责任；\n优化服务。")


def test_cells_of_a_table_are_joined_by_tabs() -> None:
    article = read(
        article_page(
            "<table><tr><th>项目</th><th>投资（亿元）</th></tr><tr><td><p>铜箔</p></td><td>38</td></tr></table>"
        )
    )
    assert article.body.endswith("\n项目\t投资（亿元）\n铜箔\t38")


def test_the_tables_of_old_layouts_are_no_tables() -> None:
    article = read(
        page(
            "<table><tr><td width=160><a href=/a>首页</a></td>"
            f"<td><p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p></td></tr></table>"
        )
    )
    assert article.body == BODY


def test_captions_are_left_out() -> None:
    article = read(article_page("<figure><img src='/a.jpg'><figcaption>签约现场</figcaption></figure>"))
    assert article.body == BODY


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：张三",
        "（责任编辑：张三）",
        "【打印】【关闭】",
        "【打印本页】 【关闭窗口】",
        "上一篇：大冶湖高新区招商推介会举行",
        "下一篇：没有了",
        "字号：大 中 小",
        "分享到：",
        "扫一扫在手机打开当前页",
        "浏览次数：1024次",
        "版权所有：某某市投资促进局",
        "微信 微博 QQ空间",
        "关闭窗口",
    ],
)
def test_a_line_of_the_frame_is_left_out(line: str) -> None:
    assert read(article_page(f"<p>{line}</p>")).body == BODY


@pytest.mark.parametrize(
    "line",
    [
        "一是打印机产业链加快集聚，全年新签约项目6个，总投资18亿元。",
        "下一步，将继续开展“敲门招商”。",
        "编辑部大楼项目总投资2亿元，建设周期18个月，计划2026年底投用。",
        "2025年1—6月，全市实际到位资金812.6亿元，同比增长12.4%。",
        "联系电话：0714-6350000",
    ],
)
def test_a_line_of_the_text_is_kept(line: str) -> None:
    assert read(article_page(f"<p>{line}</p>")).body == f"{BODY}\n{line}"


def test_related_articles_under_the_text_are_left_out() -> None:
    links = "".join(f"<li><a href='/{at}.html'>某区举行第{at}次招商推介会</a></li>" for at in range(6))
    assert read(article_page(f"<p>相关阅读</p><ul>{links}</ul>")).body == BODY


def test_a_byline_inside_the_container_is_left_out() -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (FIRST, SECOND, LAST))
    article = read(
        page(
            "<div id='zoom'><h1>武汉光电子推介会签约137.5亿元</h1>"
            "<p>发布时间：2025-07-26 来源：黄石日报 字号：大 中 小</p>"
            f"{text}</div>"
        )
    )
    assert article.body == BODY
    assert (str(article.published_on), article.origin) == ("2025-07-26", "黄石日报")


def test_a_container_known_by_name_is_believed_although_comments_outweigh_it() -> None:
    comments = "".join(f"<div class='reply'><p>{SECOND}{LAST}</p></div>" for _ in range(8))
    article = read(page(f"<div class='TRS_Editor'><p>{FIRST}</p></div><div class='box'>{comments}</div>"))
    assert article.body == FIRST


def test_a_short_article_beside_its_title_goes_before_long_teasers() -> None:
    teasers = "".join(f"<li><a href='/{at}'>{SECOND}</a><p>{LAST}{FIRST}</p></li>" for at in range(9))
    article = read(
        page(
            f"<div class='left'><h1>武汉光电子推介会签约137.5亿元</h1><div><p>{FIRST}</p><p>{SECOND}</p></div></div>"
            f"<div class='right'><ul>{teasers}</ul></div>"
        )
    )
    assert article.body == f"{FIRST}\n{SECOND}"


def test_a_long_report_is_kept_whole() -> None:
    paragraphs = [
        f"（{at}）今年以来，全市新签约亿元以上项目{at}个，总投资{at * 7}.5亿元，到位资金{at}亿元。"
        for at in range(1, 301)
    ]
    article = read(page("<div class='con'>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</div>"))
    assert article.body.split("\n") == paragraphs


def test_hidden_text_is_left_out() -> None:
    assert read(article_page("<p style='display: none'>隐藏的一段文字，不应当出现。</p>")).body == BODY


def test_images_and_attachments_are_absolute_links() -> None:
    article = read(
        article_page(
            "<p><img src='./W020250726.jpg' alt='现场'></p><p>附件：<a href='./P020250726.docx'>申报表.docx</a></p>"
        )
    )
    base = URL.rpartition("/")[0]
    assert [(link.url, link.label) for link in article.images] == [(f"{base}/W020250726.jpg", "现场")]
    assert [(link.url, link.label) for link in article.attachments] == [(f"{base}/P020250726.docx", "申报表.docx")]


def test_base_href_resolves_links() -> None:
    article = read(article_page("<img src='a.jpg'>", head='<base href="http://img.example.cn/x/">'))
    assert article.images[0].url == "http://img.example.cn/x/a.jpg"


@pytest.mark.parametrize("base", ["javascript:alert(1)", "file:///etc/", "http://["])
def test_a_base_href_that_leads_nowhere_is_ignored(base: str) -> None:
    article = read(article_page("<img src='a.jpg'>", head=f'<base href="{base}">'))
    assert article.images[0].url == URL.rpartition("/")[0] + "/a.jpg"


def test_an_article_of_pictures_has_no_text() -> None:
    article = read(
        page("<h1>武汉光电子推介会签约137.5亿元</h1><div class='TRS_Editor'><img src='/1.jpg'><img src='/2.jpg'></div>")
    )
    assert (article.content, article.body, len(article.images)) == ("images", "", 2)


def test_an_article_of_a_file_has_attachments() -> None:
    article = read(
        page(
            "<h1>武汉光电子推介会签约137.5亿元</h1>"
            "<div class='v_news_content'><p><a href='/a.pdf'>投资指南.pdf</a></p></div>"
        )
    )
    assert (article.content, article.attachments[0].url) == ("attachments", "http://tzcj.example.gov.cn/a.pdf")


def test_a_file_in_a_viewer_is_an_attachment() -> None:
    article = read(
        page(
            "<h1>武汉光电子推介会签约137.5亿元</h1>"
            "<div class='wp_articlecontent'><div pdfsrc='/u/guide.pdf'></div></div>"
        )
    )
    assert (article.content, article.attachments[0].url) == ("attachments", "http://tzcj.example.gov.cn/u/guide.pdf")


@pytest.mark.parametrize(
    "line",
    [
        "下一条过江通道计划年内开工，总投资45亿元。",
        "分享发展机遇，共建千亿产业园区。",
        "企业可通过二维码预约，3个工作日内答复。",
        "主办单位：某某市人民政府",
        "时间：8月8日上午9时",
    ],
)
def test_a_line_that_resembles_the_frame_is_kept(line: str) -> None:
    assert read(article_page(f"<p>{line}</p>")).body == f"{BODY}\n{line}"


def test_a_notice_that_begins_with_its_time_keeps_it() -> None:
    article = read(page(f"<div id='zoom'><p>时间：8月8日上午9时</p><p>地点：国际会展中心</p><p>{FIRST}</p></div>"))
    assert article.body == f"时间：8月8日上午9时\n地点：国际会展中心\n{FIRST}"


def test_rows_of_small_numbers_are_kept() -> None:
    rows = "<tr><td>新签</td><td>开工</td></tr><tr><td>12</td><td>9</td></tr><tr><td>7</td><td>5</td></tr>"
    assert read(article_page(f"<table>{rows}</table>")).body.endswith("\n新签\t开工\n12\t9\n7\t5")


def test_text_that_is_hidden_until_a_script_runs_is_read_where_there_is_no_other() -> None:
    article = read(page(f"<div style='display:none'><p>{FIRST}</p><p>{SECOND}</p></div>"))
    assert article.body == f"{FIRST}\n{SECOND}"


def test_a_file_listed_under_the_text_is_an_attachment() -> None:
    article = read(
        page(f"<div id='zoom'><p>{FIRST}</p><p>{SECOND}</p></div><div>附件：<a href='/a.xlsx'>回执表</a></div>")
    )
    assert [link.label for link in article.attachments] == ["回执表"]


def test_a_file_in_the_foot_of_the_page_is_no_attachment() -> None:
    article = read(article_page().replace("网站地图</a>", "网站地图</a><a href='/help.pdf'>使用说明</a>"))
    assert article.attachments == ()
