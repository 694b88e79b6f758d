"""Sentences of words drawn at random, frequent words more often, as varied as those of real articles.

The words were written for this; rarer nouns are the terms of the project's table of industries.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from crawler.facts.tables import read_table

_NOUNS = """
项目 企业 发展 产业 建设 投资 工作 园区 经济 服务 市场 技术 公司 城市 政府 创新 生产 环境 合作 资源 人才 政策 平台
资金 规划 管理 质量 体系 能力 水平 重点 领域 机制 优势 基地 工程 品牌 问题 设备 产品 土地 基础 设施 条件 空间 集群
链条 方向 目标 任务 措施 责任 效益 成本 风险 需求 机遇 挑战 趋势 规模 结构 速度 标准 制度 流程 环节 窗口 时间 阶段
地区 周边 农村 居民 群众 干部 专家 代表 团队 部门 单位 机构 协会 商会 银行 高校 院所 实验室 车间 厂房 仓库 港口 码头
铁路 公路 机场 桥梁 管网 电网 水厂 河道 湖泊 山区 林场 农户 合作社 大棚 果园 牧场 渔港 景区 古镇 民宿 展馆 剧院 学校
医院 社区 街道 乡镇 村庄 小区 商圈 步行街 写字楼 门店 超市 电商 直播 订单 合同 协议 方案 清单 台账 报告 数据 指标
税收 利润 产值 销售额 出口额 增加值 占比 份额 股权 基金 债券 贷款 补贴 奖励 专利 论文 样机 模具 零件 原料 电池 芯片
软件 算法 模型 网络 终端 传感器 机床 机器 车辆 船舶 飞机 卫星 药品 疫苗 器械 试剂 食品 饮料 茶叶 水果 粮食 蔬菜 水产
木材 家具 服装 面料 陶瓷 玻璃 钢材 水泥 化肥 涂料 塑料 橡胶 纸张 煤炭 石油 天然气 电力 热能 废水 废气 固废 噪声
碳排放 面积 距离 高度 长度 温度 压力 浓度 精度 效率 周期 进度 节点 现场 会议 论坛 展会 活动 仪式 考察团 嘉宾 记者
读者 消费者 客户 供应商 股东 董事长 总经理 书记 市长 县长 主任 局长 负责人 工程师 工人 学生 老人 儿童 居家 物业 楼宇
地铁 公交 停车场 充电桩 光纤 机房 云端
"""
_VERBS = """
推动 加快 推进 建设 发展 提升 加强 支持 促进 实现 完善 优化 开展 组织 落实 引进 打造 形成 提高 扩大 深化 探索 培育
服务 解决 协调 签约 落户 开工 投产 建成 启动 完成 申报 审批 验收 监测 检查 调研 走访 座谈 对接 洽谈 考察 参观 展示
推介 发布 公布 印发 修订 制定 执行 调整 压缩 简化 取消 下放 承接 转移 整合 盘活 腾退 收回 出让 租赁 购买 采购 销售
出口 进口 运输 储存 加工 制造 组装 检测 研发 设计 试验 推广 应用 改造 升级 扩建 搬迁 关停 治理 修复 保护 绿化 灌溉
种植 养殖 捕捞 采摘 包装 配送 直播 宣传 培训 招聘 就业 创业 融资 贷款 担保 入股 上市 并购 重组 纳税 减免 补助 奖励
表彰 考核 督办 通报 整改 约谈 处罚 登记 备案 公示 受理 答复 回访 统计 分析 预测 评估 论证 谋划 统筹 牵头 配合 联动
共享 开放 交流 互访 结对 帮扶 捐赠 慰问 看望 救助 安置 补偿 复耕 复产 增产 增收 降本 提质
"""
_QUALITIES = """
新 大 重点 全面 进一步 积极 高质量 不断 持续 全力 主动 及时 有效 明显 重大 优质 现代 绿色 智能 数字 传统 新兴 先进
高端 特色 综合 全市 全区 全县 全省 国内 国际 本地 外地 民营 国有 外资 中小 龙头 骨干 配套 上游 下游 首批 首个 第一
唯一 最大 较快 稳步 大幅 小幅 同比 环比 累计 平均 总体 部分 个别 普遍 逐步 分期 同步 提前 按时 限期 长期 短期 临时
常态 精准 高效 便捷 公平 透明 规范 安全 稳定 良好 突出 显著 丰富 完备 充足 紧缺 薄弱 复杂 严峻 特殊 独立 联合 自主
共同 相互 直接 间接 线上 线下 室内 户外 东部 西部 南部 北部
"""
_SLOT = re.compile("[NVQPTD]")
_PATTERNS = """
T，PQNVN，NVQ。 QVNN，VQN和N。 N的NV，N也QV。 在N、N和N等QN，PVN。 对QNVN，由NV。 TPVND个，VND亿元。 N与NQVNN。
据N介绍，NQVN，QNVD%。 NVN，并QVN的N。 PN共有ND家，其中QND家。 为VN，PQVNN，把N纳入N。 “N、N、N”QV。
N、N、N、N等NQV，VNN。 将N作为N，QVN。 N说：“NV了，N也QN。” VN是N的N，VN才能VN。 T，NQV，N超过D万元。
从NV到NV，PN用了D天。 N不V，N不V。 NN是否VN，N应当V。 以N为N，VQNN。 VNNN，VNN，QVN。 T起，NVQNN，有效期D年。
N既VN，又VN。 P地处N，ND平方公里，NQ。 N的N比TVD%，NVD%。 NVP，VNNN。 该NVND吨、ND万套。 NV后，N可VND人。
被VN的N，N可以VN。
"""
_FLAT = 8.0  # so many words are about as frequent as the first
_DRAWN = 100  # words of a kind at once
_OWN, _OWN_SHARE = 40, 0.4  # an article's own subject: so many words of a kind, and how often they are taken


@dataclass(slots=True, frozen=True)
class _Words:
    """Words, the n-th about 1/n as frequent as the first."""

    words: Sequence[str]
    weights: Sequence[float]

    @classmethod
    def of(cls, words: Sequence[str]) -> _Words:
        return cls(words, list(accumulate(1 / (rank + _FLAT) for rank in range(len(words)))))

    def drawn(self, chance: random.Random) -> Iterator[str]:
        """Words without end; some, its subject, come back more often."""
        own = chance.choices(self.words, cum_weights=self.weights, k=_OWN)
        while True:
            some = chance.choices(self.words, cum_weights=self.weights, k=_DRAWN)
            yield from (chance.choice(own) if chance.random() < _OWN_SHARE else word for word in some)


@cache
def _kinds() -> dict[str, _Words]:
    terms = sorted({row["term"] for row in read_table("industry_terms.csv")})
    random.Random(1).shuffle(terms)
    return {
        "N": _Words.of([*_NOUNS.split(), *terms]),
        "V": _Words.of(_VERBS.split()),
        "Q": _Words.of(_QUALITIES.split()),
        "D": _Words.of([str(number) for number in range(2, 1000)]),
    }


@cache
def _patterns() -> tuple[tuple[str, str], ...]:
    """Each pattern with a place for every word, and the kinds of those."""
    return tuple((_SLOT.sub("{}", each), "".join(_SLOT.findall(each))) for each in _PATTERNS.split())


def sentences(chance: random.Random, places: Sequence[str], times: Sequence[str]) -> Iterator[str]:
    """Sentences without end: P in a pattern is one of the places, T one of the times, D a number."""
    fixed = {"P": _Words.of(places), "T": _Words.of(times)}
    drawn = {letter: words.drawn(chance) for letter, words in {**_kinds(), **fixed}.items()}
    while True:
        pattern, letters = chance.choice(_patterns())
        yield pattern.format(*[next(drawn[letter]) for letter in letters])
