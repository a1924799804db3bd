"""What people say in the demonstration: reports, results, reasons, ratings; varied by dice."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

from linli.demo import names

DATA = Path(__file__).parent / "data"
SINCE = (
    "昨天开始",
    "这两天",
    "一个多星期了",
    "从上周起",
    "连着三天",
    "半个月了",
    "最近",
    "今天一早",
    "",
)
VEHICLES = (
    "白色面包车", "黑色轿车", "蓝色货车", "银色面包车", "快递三轮车", "红色小车", "浙B牌照的越野车",
)  # fmt: skip
ASKS = (
    "", "", "请尽快处理。", "麻烦社区来看一下。", "希望有人管管。", "谢谢！", "已经反映过一次了。",
    "家里有老人，比较着急。", "处理好请告诉我一声。", "晚上也可以打我电话。",
)  # fmt: skip
RETURNS = ("现场在隔壁网格，不在我这里", "属于物业维修范围，建议转城建岗", "地址不清，请核实后再派")
REASSIGNS = ("另一位同事就在附近", "原处理人请假", "由专业岗位处理更合适")
SUSPENDS = ("等配件到货", "连续下雨，无法施工", "等住户回来开门", "需业委会表决后施工")
EXTENSIONS = ("涉及多户，需要逐家协商", "施工单位排期在后天", "当事人出差，下周回来")
REFUSALS = ("材料已到，可按期完成", "已延期过一次")
REWORKS = ("照片上还有残留，请再清一次", "回访居民说问题还在", "只处理了一半")
REJECTS = ("现场核查未发现所述情况", "经核实不属实", "所述地点不在本市", "属于已受理的另一件")
CANCELS = ("问题已经自己解决了", "车主已经挪走了", "报错地方了")
REOPENS = ("又回到原样了", "修好三天又坏了")
REQUESTS = ("请协助联系车主拖移", "需要清运车一辆", "请到场配合执法")
HELPS = ("已到场协助，车已拖走", "已派车清运", "已配合现场处理")
COMMENTS = (
    "已电话联系报告人，约好时间",
    "上门未遇，留了联系卡",
    "现场看过，较严重",
    "明天上午再去一趟",
)
URGES = ("请抓紧，居民又来电了", "临近时限，请尽快")
PRAISE = {
    5: ("处理得很快，谢谢", "点赞", "工作人员很热心", "没想到当天就解决了", "满意", ""),
    4: ("总体满意", "解决了，就是等了一天", "还可以", ""),
    3: ("一般", "问题解决了，但没人告诉我", ""),
    2: ("太慢了", "处理完又乱了"),
    1: ("没有解决", "打了三次电话才有人来", "走过场"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """How often a category comes, when, and in what words.

    `season`: s summer, w winter, r rainy months, p spring, u school holidays. `hours`: d by day,
    e in the evening, n at night, m in the morning, a at any time.
    """

    code: str
    weight: float
    season: str
    hours: str
    texts: tuple[str, ...]


def kinds() -> list[Kind]:
    """Every category's way of being reported."""
    return [
        Kind(row["code"], float(row["weight"]), row["season"], row["hours"],
             tuple(row["text"].split("|")))
        for row in _rows("reports.csv")
    ]  # fmt: skip


def results() -> dict[str, tuple[str, ...]]:
    """What handlers write, by group of categories."""
    return {row["group"]: tuple(row["text"].split("|")) for row in _rows("results.csv")}


def report(kind: Kind, place: str, dice: random.Random) -> str:
    """What a reporter writes."""
    said = dice.choice(kind.texts).format(
        s=dice.choice(SINCE), v=dice.choice(VEHICLES), p=place, f=dice.randint(2, 11),
        n=names.person(dice),
    )  # fmt: skip
    said = said.lstrip("，")
    ask = dice.choice(ASKS)
    return f"{said}。{ask}" if ask else f"{said}。" if dice.random() < 0.5 else said


def stars(*, late: bool, reworked: bool, dice: random.Random) -> int:
    """How satisfied somebody is: waiting and doing it again cost stars."""
    weights = (2, 4, 10, 28, 56)
    if late or reworked:
        weights = (14, 18, 26, 26, 16)
    return dice.choices((1, 2, 3, 4, 5), weights)[0]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
