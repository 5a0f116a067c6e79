"""What can be brought in: a declaration of each kind, its columns and the words they go by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gis.exchange import cells
from gis.exchange.cells import Read

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Field:
    """A column: the headings it is known by, how a cell is read, and what an empty one means.

    ``refers`` names a table: the cell holds a code or a name of it; ``options`` are the words a
    cell may hold, each with the value it stands for.
    """

    name: str
    words: tuple[str, ...]
    read: Read
    default: Any = None
    refers: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """Whether something new cannot do without it."""
        return self.default is REQUIRED

    @property
    def heading(self) -> str:
        """The first Chinese word it is known by, its name where it has none."""
        return next((word for word in self.words if not word.isascii()), self.name)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things: its table, the shapes it may have, who may change it, its fields.

    ``rights``: the actor must hold the place of the thing, the whole district, or its area.
    """

    name: str
    table: str
    shapes: tuple[str, ...]
    rights: str
    fields: tuple[Field, ...]
    near_m: float = 5.0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields, in order."""
        return tuple(one.name for one in self.fields)


def _words(text: str) -> Mapping[str, str]:
    """Read ``word word=value``: every word before an equals sign stands for the value after it."""
    pairs = (group.split("=") for group in text.split(";"))
    return {word: value.strip() for words, value in pairs for word in words.split()}


def _field(
    name: str, words: str, read: Read = cells.text, default: Any = None, refers: str = "",
    options: Mapping[str, str] | None = None,
) -> Field:  # fmt: skip
    return Field(name, (name, *words.split()), read, default, refers, options or {})


def _choice(
    name: str, words: str, options: Mapping[str, str], default: Any, many: bool = False
) -> Field:
    read = cells.choice(options)
    return _field(name, words, cells.several(read) if many else read, default, "", options)


LEVEL = _words("""
    区 县 区县 县区 市 district=district; 街道 镇 乡 乡镇 镇街 街镇 subdistrict=subdistrict;
    社区 村 村社区 社区村 行政村 community=community; 网格 片区 grid=grid
""")
BUILDING = _words("""
    板楼 多层 住宅 居民楼 住宅楼 商品房 residential apartments=slab; 塔楼 高层 小高层=tower;
    平房 民房 detached=house; 自建房 村民房 农房=village_house; 商铺 商业 商店 门市=shop;
    学校 教学楼=school; 医院=hospital; 政府 机关 办公 办公楼=government; 厂房 工厂=factory;
    宿舍 公寓=dormitory; 幼儿园=kindergarten; 其他 其它 yes unknown=other; 需求点=demand
""")
STATION = _words("""
    党群服务中心 服务中心 中心 centre center=centre;
    社区服务站 党群服务站 社区党群服务站 服务站 社区 community=community;
    驿站 党群驿站 党群服务驿站 站点 post=post; 共享 共享驿站 shared=shared
""")
STATE = _words("""
    开放 已开放 运营 在用 正常 启用 open=open; 规划 规划中 在建 拟建 planned=planned;
    关闭 停用 已停用 撤销 closed=closed
""")
ROLE = _words("""
    网格员 专职网格员 网格长=grid_member; 楼栋长 楼长 单元长=building_head;
    支部书记 党支部书记 书记=secretary; 社区工作者 社工 社区干部=community_worker;
    志愿者 义工=volunteer; 党员 双报到党员 在职党员=party_member;
    帮包干部 干部 包联干部 下沉干部=cadre
""")
HIGHWAY = _words("""
    主干道 主干路=primary; 次干道 次干路=secondary; 支路=tertiary;
    住宅区道路 街巷=residential; 小区道路 内部道路 服务道路=service;
    人行道 步道 步行道 小路=footway; 步行街=pedestrian; 台阶 楼梯=steps; 机耕路 田间路=track;
    快速路=trunk; 高速 高速公路=motorway; path=path; living_street=living_street;
    unclassified=unclassified; cycleway=cycleway; bridleway=bridleway; corridor=corridor;
    primary_link=primary_link; secondary_link=secondary_link; tertiary_link=tertiary_link;
    trunk_link=trunk_link; motorway_link=motorway_link
""")
FOOT = _words("双向 both=both; 正向 forward=forward; 反向 backward=backward")

CODE = "编码 编号 代码 编 标识码 唯一编码 统一编码 id code gid objectid fid 序列号"
NAME = "名称 名字 name title 标准名称"

KINDS = {
    kind.name: kind
    for kind in (
        Kind("areas", "area", ("Polygon", "MultiPolygon"), "area", (
            _field("code", f"{CODE} 区域编码 网格编码 网格编号 区划代码 社区编码 grid_code",
                   cells.code),
            _choice("level", "级别 层级 类型 区域级别 type", LEVEL, REQUIRED),
            _field("name", f"{NAME} 区域名称 网格名称 社区名称 街道名称 grid_name",
                   default=REQUIRED),
            _field("parent", "上级 上级编码 上级代码 所属 所属社区 所属区域 父级 parent_code",
                   refers="area"),
            _field("tiled", "铺满 全覆盖", cells.truth),
        )),
        Kind("buildings", "building", ("Polygon", "MultiPolygon", "Point"), "place", (
            _field("code", f"{CODE} 楼栋编码 楼栋编号 楼编号 建筑编码 building_id", cells.code),
            _field("name", f"{NAME} 楼栋 楼栋名称 楼名 楼号 栋号 建筑名称 幢号 building",
                   default=""),
            _choice("kind", "类型 类别 用途 性质 建筑类型 楼栋类型 房屋类型 type usage", BUILDING,
                    "other"),
            _field("floors", "楼层 层数 楼层数 总层数 地上层数 floor levels storeys floor_num",
                   cells.whole, 1),
            _field("households", "户数 总户数 居民户数 住户数 户 house_num hushu", cells.whole),
            _field("people", "人口 人数 常住人口 人口数 居住人口 population renkou", cells.whole),
            _field("estimated", "估算 是否估算", cells.truth),
            _field("compound", "小区 小区名称 所属小区 小区编码 estate", refers="compound"),
            _field("doors", "单元门 门点 出入口", cells.points),
        )),
        Kind("stations", "station", ("Point",), "place", (
            _field("code", f"{CODE} 站点编码 驿站编号 驿站编码", cells.code),
            _field("name", f"{NAME} 站点名称 驿站名称 驿站 站名 服务站 poi_name", default=REQUIRED),
            _choice("kind", "类型 类别 站点类型 级别 type", STATION, "post"),
            _field("services", "服务 服务项目 服务内容 功能 service", cells.several(cells.text), (),
                   refers="service"),
            _field("hours", "开放时间 营业时间 服务时间 时间 opening_hours open_hours", cells.hours,
                   REQUIRED),
            _field("capacity", "容量 服务户数 可服务户数 服务能力", cells.whole),
            _field("floor_area", "面积 建筑面积 使用面积 平方米 area", cells.positive),
            _choice("state", "状态 运营状态 使用状态 status", STATE, "open"),
        ), near_m=10.0),
        Kind("members", "member", (), "area", (
            _field("yige_id", "", cells.whole),
            _field("name", f"{NAME} 姓名 人员姓名 党员姓名", default=REQUIRED),
            _choice("roles", "角色 身份 岗位 职务 人员类别 人员身份 类别 role", ROLE, REQUIRED,
                    many=True),
            _field("skills", "技能 特长 专长 特长技能 skill", cells.several(cells.text), ()),
            _field("within", "社区 所属社区 所在社区 community 街道 所属街道"),
            _field("area", "区域 网格 所属网格 所在网格 网格编码 网格名称 所属区域 grid 服务网格",
                   cells.text, REQUIRED, refers="area"),
            _field("home", "楼栋 居住楼栋 住址 居住地 家庭住址 楼栋编码 小区楼栋 building",
                   refers="building"),
            _field("active", "在岗 是否在岗 在职 状态 status", cells.truth, True),
        )),
        Kind("ways", "way", ("LineString", "MultiLineString"), "whole", (
            _field("code", f"{CODE} 道路编码 路段编号 osm_id", cells.code),
            _field("name", f"{NAME} 道路名称 路名 road_name", default=""),
            _choice("highway", "等级 道路等级 类型 道路类型 fclass type class", HIGHWAY,
                    "residential"),
            _field("bridge", "桥 桥梁 是否桥梁", cells.truth, False),
            _field("tunnel", "隧道 是否隧道", cells.truth, False),
            _field("steps", "台阶 是否台阶", cells.truth, False),
            _choice("foot", "步行 步行方向 通行 walk", FOOT, "both"),
        ), near_m=2.0),
    )
}  # fmt: skip
