"""Organizations: where a name begins and ends, what is none, short forms and roles."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fact_items import OrganizationFact
from crawler.facts import read_facts
from crawler.facts.organizations import organizations

FAR = "\n县里的老街修葺一新,游人如织。" * 20


def found(text: str) -> tuple[OrganizationFact, ...]:
    return read_facts("", text).organizations


def names(text: str) -> list[str]:
    return [each.surface for each in found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("园区引进襄阳博亚精工装备股份有限公司", ["襄阳博亚精工装备股份有限公司"]),
        ("由黄石市人民政府主办", ["黄石市人民政府"]),
        ("武汉中燃能源集团黄冈中燃天然气有限公司组建专班", ["武汉中燃能源集团", "黄冈中燃天然气有限公司"]),
        ("国家粮食和物资储备局发函", ["国家粮食和物资储备局"]),
        ("荆州市与农业银行湖北省分行签约", ["农业银行湖北省分行"]),
        ("黄石市政府和大冶市政府联合发文", ["黄石市政府", "大冶市政府"]),
        ("现代汽车(中国)投资有限公司成立", ["现代汽车(中国)投资有限公司"]),
        ("与开鑫金属共建产线", ["开鑫金属"]),
        ("拜访阿里、腾讯、小米等科技企业", ["阿里", "腾讯", "小米"]),
        ("国家税务总局黄石市税务局介绍", ["国家税务总局黄石市税务局"]),
        ("麻城石材商会、湖北省石材行业协会到会", ["麻城石材商会", "湖北省石材行业协会"]),
        ("武汉大学、华中科技大学参与", ["武汉大学", "华中科技大学"]),
        ("中铁十一局集团第四工程有限公司中标", ["中铁十一局集团第四工程有限公司"]),
        ("湖北锐意自控系统有限公司落户", ["湖北锐意自控系统有限公司"]),
        ("钰环再生金属有限公司扩产", ["钰环再生金属有限公司"]),
        ("中化云龙有限公司入选", ["中化云龙有限公司"]),
        ("襄州区古驿镇政府到会", ["襄州区古驿镇政府"]),
        ("格力电器(武汉)有限公司上榜", ["格力电器(武汉)有限公司"]),
    ],
)
def test_a_name_runs_from_its_place_or_own_name_to_its_suffix(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "该公司负责人说",
        "市经信局有关负责人表示",
        "在市委、市政府领导下",
        "政府部门协调物流企业",
        "黄石市政府工作报告提出",
        "打造全国通卡华中区域结算中心、数字城市运营服务中心",
        "公安、安监、卫生、消防等部门",
        "钢铁、汽车等企业复工",
        "几家外贸公司和广告公司",
        "宜昌市委书记带队",
        "在苏州工业园区投资",
        "产业布局和发展格局向好",
        "吃小米粥的大众",
        "黄石物流项目签约",
        "发展硅碳新材料和钠离子电池",
        "吸引轮毂、型材、电工圆杆等下游企业",
        "执行国家和省政府的规定",
        "彭博数据显示",
    ],
)
def test_general_words_and_zones_are_no_organization(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ("百兴公司", "湖北百兴消毒制品有限公司复工后,百兴公司增产"),
        ("鲁花集团", "山东鲁花集团有限公司落户,鲁花集团董事长出席"),
        ("宜昌人福", "宜昌人福药业有限责任公司扩产,宜昌人福前景可期"),
        ("赣锋", "江西赣锋锂业集团股份有限公司(下称“赣锋”)开工,赣锋已有三座工厂"),
        ("农行", "农业银行与荆州合作,农行发放贷款"),
    ],
)
def test_a_short_form_is_tied_to_the_long_one_of_the_article(short: str, text: str) -> None:
    last = found(text)[-1]
    assert last.surface == short
    assert last.normalized_name == found(text)[0].surface


def test_a_title_is_tied_to_the_body() -> None:
    facts = read_facts("长江云通落户青山区", "长江云通集团与青山区政府签约。")
    assert facts.organizations[0].field == "title"
    assert facts.organizations[0].normalized_name == "长江云通集团"


def test_two_companies_of_one_word_stay_two() -> None:
    text = "武汉中燃能源集团与黄冈中燃天然气有限公司"
    assert [each.normalized_name for each in found(text)] == names(text)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("由中铁大桥局集团有限公司承建", ["contractor"]),
        ("武汉市市场监督管理局核准登记", ["regulator"]),
        ("深圳海川供应链有限公司落户黄石", ["investor"]),
        ("大悟县引进温州正泰新能源有限公司", ["investor"]),
        ("黄石市人民政府与深圳海川供应链有限公司签署协议", ["host", "investor"]),
        ("新华社记者报道", [None]),
    ],
)
def test_a_verb_tells_the_role(text: str, roles: list[str | None]) -> None:
    assert [each.role for each in found(text)] == roles


@settings(deadline=None)
@given(st.text(alphabet="武汉市百兴公司集团和局政府、,(中国)等企业银行分产业园大学阿里", max_size=60))
def test_spans_slice_to_their_surface_and_do_not_overlap(text: str) -> None:
    some = organizations("", text, body_places=[(0, 2)])
    assert all(text[each.start : each.end] == each.surface for each in some)
    assert all(before.end <= after.start for before, after in pairwise(some))


@settings(deadline=None)
@given(
    st.sampled_from(
        [
            "由中铁大桥局集团有限公司承建",
            "拜访阿里、腾讯、小米等科技企业",
            "荆州市与农业银行湖北省分行签约",
            "湖北百兴消毒制品有限公司复工后,百兴公司增产",
        ]
    )
)
def test_text_far_away_changes_no_span(text: str) -> None:
    assert found(text + FAR) == found(text)
    assert [each.surface for each in found(FAR + "\n" + text)] == names(text)


@pytest.mark.parametrize(
    "unit", ["公司", "局", "武", "等企业", "、阿里", "有限公司(", "百兴有限公司、", "和局", "\ud800"]
)
def test_a_hundred_kilobytes_of_one_word_take_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit.encode("utf-8", "surrogatepass")))
    started = time.process_time()
    organizations("", text)
    assert time.process_time() - started < 4


def test_many_companies_with_short_forms_take_linear_time() -> None:
    signs = "鑫泽盛华瑞德泰隆福兴"
    text = "、".join(f"{a}{b}{c}科技有限公司" for a in signs for b in signs for c in signs)
    started = time.process_time()
    assert len(organizations("", text)) > 900
    assert time.process_time() - started < 4
