"""Invented names, telephone numbers and addresses for the demonstration."""

from __future__ import annotations

import random

SURNAMES = (
    "陈胡沈徐张王李周吴许孙罗叶方岑余马施毛龚宓戚黄朱童俞阮杨柴桑高邹冯郑韩史邵潘袁蒋"
    "陆华裘劳卢章应虞楼宋"
)
MALE = "建国卫东立强志明伟军永康海峰国平晓刚文杰宏亮仕林金水利民学良浩然俊鹏成栋天佑鸿飞家豪"
FEMALE = "丽华小芳秀英静怡雅琴美娟晓燕玉兰雪梅春红佳慧思敏丹萍巧云文婷梦洁欣悦冰倩亚珍彩凤"
COMPOUNDS = (
    "新村", "小区", "花园", "公寓", "家园", "佳苑", "名都", "嘉苑", "东苑", "西苑", "锦园", "华庭",
)  # fmt: skip
ROADS = (
    "青少年宫路", "孙塘路", "西环路", "北三环路", "慈甬路", "寺山路", "浒山路", "教场山路",
    "三北大街", "新城大道", "明州路", "峙山路", "水门路", "担山路", "东山路", "科技路",
)  # fmt: skip
SPOTS = (
    "楼下", "单元门口", "东侧", "西侧", "南侧空地", "北侧通道", "楼道三层", "地下车库入口",
    "围墙边", "垃圾房旁", "门卫室旁", "健身角",
)  # fmt: skip


def person(dice: random.Random) -> str:
    """A plausible name; nobody in particular."""
    pool = MALE if dice.random() < 0.5 else FEMALE
    place = 2 * dice.randrange(len(pool) // 2)
    given = pool[place : place + 2]
    if dice.random() < 0.2:
        given = given[1]
    return dice.choice(SURNAMES) + given


def neighbour(dice: random.Random) -> str:
    """How residents give their name on the phone."""
    title = dice.choice(("先生", "女士", "阿姨", "大爷", "师傅", "大姐"))
    return dice.choice(SURNAMES) + title if dice.random() < 0.7 else person(dice)


def phone(dice: random.Random) -> str:
    """A mobile number in a series (154) that is given to nobody."""
    return f"154{dice.randrange(10**8):08d}"


def place(dice: random.Random, community: str) -> str:
    """Where in a community something is."""
    stem = community
    for ending in ("社区", "居委会", "村委会", "村民委员会"):
        stem = stem.removesuffix(ending)
    if dice.random() < 0.22:
        beside = dice.choice(("门前", "路口", "对面", "旁"))
        return f"{dice.choice(ROADS)}{dice.randint(8, 988)}号{beside}"
    building = dice.randint(1, 38)
    return f"{stem}{dice.choice(COMPOUNDS)}{building}幢{dice.choice(SPOTS)}"
