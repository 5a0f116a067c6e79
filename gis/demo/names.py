"""Names that such a city could have; compounds' names are all different."""

import numpy as np

from .draws import stream

AXES = ("人民路", "中华路")
ALONG = {
    "quay left": "滨河北路",
    "quay right": "滨河南路",
    "rail street left": "铁西路",
    "rail street right": "铁东路",
}
MAIN = (
    "长江路 黄河路 建设路 和平路 解放路 中山路 胜利路 新华路 迎宾大道 工业大道 东方红大街 "
    "朝阳路 光明路 团结路 幸福大道 珠江路 泰山路 华山路 长城路 青年路 富强路 振兴路"
).split()
SECOND = (
    "文化路 学院路 南坛路 双河路 康庄路 育才路 府前街 兴隆街 永安街 康宁路 丹阳路 八一路 健康街 "
    "体育路 花园街 西关街 东关街 北关街 南关街 向阳街 红旗街 民主路 友谊路 劳动路 前进街 跃进路 "
    "中和街 太平街 银川路 昆明路 天山路 衡山路 嵩山路 松花江路 淮河路 香江路 桂陵路 曹州路 永昌路 "
    "广福街 古今路 水洼街 菜市街 粮食街 车站街 人和街 顺河街 三里街 柳林街 槐荫路 白杨路 梧桐街"
).split()
WORDS = (
    "华都 金桂 锦绣 阳光 学府 丽景 福源 星河 建安 嘉禾 翠竹 东方 凤凰 康乐 和谐 御景 盛世 瑞丰 鸿泰 "
    "银座 金地 龙泽 明珠 书香 绿城 碧水 春晓 百合 玫瑰 紫薇 丁香 海棠 梧桐 银杏 香樟 水岸 天润 恒泰 "
    "嘉和 永盛 宏远 祥和 安居 怡景 怡园 馨苑 温馨 吉祥 如意 康泰 富丽 丰泽 天香 国色 曹州 百花 芙蓉 "
    "桃园 杏林 梅园 兰亭 竹园 荷塘 翰林 状元 文昌 崇文 尚德 明德 仁和 信合 诚信 惠民 利民 安泰 泰和 "
    "金穗 麦香 同心 同德 平安 长安 永安 建业 创业 中兴 振华 新华 光华 昌盛 隆盛 荣盛 鼎盛 万福 千禧 "
    "九龙 双龙 玉龙 青龙 金龙 白云 彩虹 晨光 朝阳 向阳 旭日 东城 西苑 南苑 北苑 锦江 滨河 临河 望河"
).split()
OFFICES = (
    "棉纺厂 化肥厂 农机局 供销社 粮食局 税务局 第一中学 实验小学 人民医院 邮电局 交通局 水利局 电业局 "
    "百货公司 副食公司 物资局 外贸局 酒厂 造纸厂 面粉厂 机床厂 印刷厂 食品厂 建筑公司 运输公司 林业局 "
    "教育局 公安局 财政局 商业局 卫生局 广播局 师范学校 中医院 糖厂 纺织厂 轴承厂 水泥厂 煤建公司 烟草公司"
).split()
ENDINGS = {
    "90s": ("小区", "新村", "家园", "里"),
    "00s": ("花园", "小区", "家园", "苑", "名苑", "新城"),
    "10s": ("华府", "国际", "公馆", "华庭", "悦府", "湾", "城", "壹号院"),
}
SURNAMES = "李王张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡".strip()


def compound_names(eras: list[str], places: list[tuple[float, float]], seed: int) -> list[str]:
    """Name compounds by era, each name once: a few old ones after the office that built them."""
    draw = stream(seed, "compound names")
    words, offices = draw.permutation(WORDS), list(draw.permutation(OFFICES))
    used: dict[str, None] = {}
    names = []
    for k, (era, place) in enumerate(zip(eras, places, strict=True)):
        own = stream(seed, "compound name", *place)
        if era == "90s" and offices and own.random() < 0.28:
            name = f"{offices.pop()}家属院"
        else:
            name = _composed(str(words[k % len(words)]), era, used, own)
        used[name] = None
        names.append(name)
    return names


def _composed(word: str, era: str, used: dict[str, None], draw: np.random.Generator) -> str:
    endings = [str(e) for e in draw.permutation(ENDINGS[era])]
    tries = [word + ending for ending in endings]
    tries += [word + ending + part for part in ("东区", "西区", "南区", "北区") for ending in endings]
    tries += [f"{word}{ending}{n}期" for n in "二三四五六七八九" for ending in endings]
    return next(name for name in tries if name not in used)


def quarter_names(places: list[tuple[float, float]], village: bool, seed: int) -> list[str]:
    """Name old quarters and villages; a name that recurs gets 前, 后, 东 or 西 before it."""
    first = "前 后 东 西 大 小 南 北 上 下 新 老".split()
    middle = [f"{s}{e}" for e in ("庄", "楼", "堂", "寨", "海", "屯") for s in SURNAMES]
    streets = [f"{a}{b}" for b in ("巷", "胡同", "街") for a in _OLD]
    draw = stream(seed, "quarter names" + str(village))
    pool = [str(name) for name in draw.permutation(middle if village else streets)]
    return [
        pool[k % len(pool)] if k < len(pool) else first[k // len(pool) % len(first)] + pool[k % len(pool)]
        for k in range(len(places))
    ]


_OLD = (
    "文庙 城隍庙 钟楼 鼓楼 县前 衙后 米市 布市 油坊 铁匠 豆腐 皮匠 书院 关帝庙 马神庙 双井 甜水井 槐树 "
    "柳树 石桥 牌坊 仓房 盐店 当铺 会馆 东门里 西门里 南门里 北门里 校场 石灰 草市 骡马 银匠 染坊 酱园"
).split()


def road_names(keys: dict[str, str], axes: tuple[str, str], seed: int) -> dict[str, str]:
    """Name roads by the key of their line.

    Parameters
    ----------
    keys
        Rank by key ('main', 'second', 'side'), in a fixed order.
    axes
        Keys of the two main roads through the centre, east-west and north-south.
    """
    pools = {"main": MAIN, "second": SECOND, "side": [word + "巷" for word in (*_OLD, *WORDS)]}
    draw = stream(seed, "road names")
    shuffled = {rank: [str(n) for n in draw.permutation(pool)] for rank, pool in pools.items()}
    names = dict(zip(axes, AXES, strict=True)) | ALONG
    for rank, pool in shuffled.items():
        for n, key in enumerate(k for k, r in keys.items() if r == rank and k not in names):
            names[key] = _again(pool[n % len(pool)], n // len(pool))
    return names


def _again(name: str, times: int) -> str:
    return name if not times else f"{name[:-1]}{_number(times + 1)}{name[-1]}"


PLACES = {
    "government": "行政服务中心 区政府 街道办事处 法院 检察院 税务局 公安分局 档案馆 规划局 市场监管所",
    "hospital": "人民医院 中医院 妇幼保健院 第二人民医院 骨科医院 康复医院 第三人民医院 口腔医院",
    "park": "人民公园 牡丹园 滨河公园 儿童公园 植物园 文化公园 体育公园 湿地公园 中心游园 天香公园 青年公园 西郊公园",
    "commerce": "百货大楼 农贸市场 建材市场 商贸城 小商品城 家电城 粮油市场 家具城 服装城 果品市场 花鸟市场 旧货市场",
    "mall": "万象广场 银座商城 新天地 时代广场 吾悦生活城 金鼎广场 大润城",
    "factory": "纺织厂 机械厂 食品厂 制药厂 化工厂 木业公司 电子厂 面粉厂 饲料厂 包装厂 家具厂 汽配厂 水泥制品厂 冷库 物流园",
    "plaza": "中心广场 人民广场 文化广场 市民广场 世纪广场 和平广场",
    "station_square": "站前广场",
    "field": "",
    "green": "",
}  # fmt: skip


def place_names(uses: list[str], seed: int) -> list[str]:
    """Name public places by use; where names run out they are numbered."""
    count: dict[str, int] = {}
    names = []
    for use in uses:
        n = count[use] = count.get(use, 0) + 1
        if use == "school":
            names.append(_school(n))
            continue
        pool = PLACES.get(use, "").split()
        if use not in ("government", "plaza", "station_square"):
            pool = [str(name) for name in stream(seed, "place names " + use).permutation(pool)]
        again = "" if n <= len(pool) else _number((n - 1) // max(len(pool), 1) + 1)
        names.append(f"{pool[(n - 1) % len(pool)]}{again and again + '分部'}" if pool else "")
    return names


def _school(n: int) -> str:
    """Name the n-th school: in turn a middle school, two primary schools, an experimental one."""
    turn, round_ = (n - 1) % 4, (n - 1) // 4
    if turn == 0:
        return f"第{_number(round_ + 1)}中学"
    if turn == 3:
        return "实验小学" if round_ == 0 else f"实验小学{_number(round_ + 1)}校区"
    return f"第{_number(2 * round_ + turn)}小学"


def _number(n: int) -> str:
    digits = "〇一二三四五六七八九"
    if n < 10:
        return digits[n]
    tens = ("" if n < 20 else digits[n // 10]) + "十"
    return (tens + (digits[n % 10] if n % 10 else "")) if n < 100 else str(n)
