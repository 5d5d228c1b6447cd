"""The tables of an import in words: what each column means, and what is wrong with a row."""

from storage.words import GroupKind, OfficeDays, ScopeKind, UtilityWord

TABLES: dict[str, str] = {
    "communities": "社区",
    "estates": "小区",
    "buildings": "楼栋",
    "people": "人员",
    "teams": "志愿队",
    "groups": "群",
    "roles": "身份",
    "members": "群成员",
    "team_members": "志愿队成员",
    "shifts": "志愿班次",
    "gifts": "礼品",
    "balances": "期初积分",
    "offices": "办事地点",
    "services": "办事指南",
    "outages": "停水停电",
}

COLUMNS: dict[str, tuple[str, str]] = {
    "communities.name": ("名称", "社区的名字，例如「建港」"),
    "estates.community": ("社区", "所在社区的名字"),
    "estates.name": ("名称", "小区的名字，全街道不能重复"),
    "buildings.estate": ("小区", "所在小区的名字"),
    "buildings.name": ("名称", "例如「3栋」"),
    "buildings.units": ("单元数", "有几个单元"),
    "buildings.lifts": ("电梯数", "有几部电梯，没有写 0"),
    "people.name": ("姓名", "称呼或姓名；同名的人要写清小区、楼栋，好区分"),
    "people.community": ("社区", "所在社区；写了小区可以不写"),
    "people.estate": ("小区", "住的小区；不住在本街道可以不写"),
    "people.building": ("楼栋", "例如「3栋」"),
    "people.unit": ("单元", "例如「2单元」"),
    "people.room": ("房号", "只给上门的人看，不会出现在群里"),
    "people.phone": ("电话", "只给上门的人看，不会出现在群里"),
    "teams.name": ("名称", "志愿队的名字"),
    "teams.community": ("社区", "属于哪个社区；全街道的可以不写"),
    "groups.name": ("名称", "群的名字"),
    "groups.kind": ("类型", "居民群、社区工作群 或 街道调度群"),
    "groups.community": ("社区", "属于哪个社区；街道调度群不写"),
    "roles.person": ("人员", "姓名；有同名的写成「姓名@小区/楼栋」"),
    "roles.role": (
        "身份",
        "管理员、街道、部门、书记、网格员、楼栋长、物业、律师、调解员、商户 或 志愿队联系人",
    ),
    "roles.scope_kind": ("范围类型", "街道、社区、小区 或 志愿队"),
    "roles.scope": ("范围", "社区、小区或志愿队的名字；范围类型是街道时不写"),
    "roles.title": ("头衔", "居民看到的称呼，例如「建港社区网格员」；可以不写"),
    "members.group": ("群", "群的名字"),
    "members.person": ("人员", "姓名；有同名的写成「姓名@小区/楼栋」"),
    "team_members.team": ("志愿队", "志愿队的名字"),
    "team_members.person": ("人员", "姓名；有同名的写成「姓名@小区/楼栋」"),
    "shifts.title": ("名称", "例如「红建路文明值守」"),
    "shifts.community": ("社区", "属于哪个社区；全街道的可以不写"),
    "shifts.place": ("地点", "在哪里集合"),
    "shifts.date": ("日期", "例如 2026-12-01；和「几天后」写一个"),
    "shifts.in_days": ("几天后", "从导入那天算起，1 是明天；演示数据用"),
    "shifts.from": ("开始", "24 小时制，例如 08:00"),
    "shifts.until": ("结束", "24 小时制，例如 10:00，要晚于开始"),
    "shifts.places": ("名额", "要几个人"),
    "gifts.name": ("名称", "礼品的名字"),
    "gifts.price": ("积分", "换一份要多少积分"),
    "gifts.stock": ("库存", "现在有几份"),
    "balances.person": ("人员", "姓名；有同名的写成「姓名@小区/楼栋」"),
    "offices.name": ("名称", "全街道不能重复，例如「建港社区居委会」"),
    "offices.also": ("别名", "居民怎么叫它，几个名字用空格隔开，例如「居委会 社区」"),
    "offices.community": ("社区", "属于哪个社区；全街道的可以不写"),
    "offices.address": ("地址", "在哪里"),
    "offices.phone": ("电话", "对外公布的办公电话，不要写个人手机"),
    "offices.days": ("开放日", "工作日、周一到周六 或 每天"),
    "offices.opens": ("开门", "24 小时制，例如 08:30"),
    "offices.closes": ("关门", "24 小时制，例如 17:30，要晚于开门"),
    "offices.note": ("说明", "例如「中午 12:00—14:00 休息」"),
    "offices.updated_on": ("更新日期", "这些内容是哪天核对的，例如 2026-11-20；不写就是导入那天"),
    "services.name": ("名称", "办什么，例如「居住证明」"),
    "services.also": ("别名", "居民怎么叫它，几个名字用空格隔开"),
    "services.place": ("地点", "去哪里办"),
    "services.bring": ("要带什么", "材料，用顿号隔开"),
    "services.note": ("说明", "例如办理时间、当场能不能拿到"),
    "services.updated_on": ("更新日期", "这些内容是哪天核对的；不写就是导入那天"),
    "outages.utility": ("停什么", "水、电 或 气"),
    "outages.places": ("地方", "小区或社区的名字，几个用顿号隔开；全街道就写「全街道」"),
    "outages.date": ("日期", "从哪天开始，例如 2026-12-01；和「几天后」写一个"),
    "outages.in_days": ("几天后", "从导入那天算起，0 是当天；演示数据用"),
    "outages.from": ("开始", "24 小时制，例如 08:00"),
    "outages.until_date": ("恢复日期", "哪天恢复；当天就恢复可以不写"),
    "outages.until": ("恢复", "24 小时制；还不知道什么时候恢复就不写"),
    "outages.reason": ("原因", "例如「水管检修」"),
    "outages.source": ("来源", "谁通知的，例如自来水公司"),
    "outages.published_on": ("发布日期", "哪天通知的；不写就是导入那天"),
    "balances.points": ("积分", "原来攒下的积分；记一笔期初，只记一次"),
}

REQUIRED, OPTIONAL = "必填", "可不填"
SHEET_HEAD = "# {label}。以 # 开头的行不会导入；填好后删不删都可以。"
COLUMN_HEAD = "# {name}（{label}，{needed}）：{help}"

SCOPE_KINDS: dict[str, ScopeKind] = {
    "街道": ScopeKind.STREET,
    "社区": ScopeKind.COMMUNITY,
    "小区": ScopeKind.ESTATE,
    "志愿队": ScopeKind.TEAM,
}
GROUP_KINDS: dict[str, GroupKind] = {
    "居民群": GroupKind.RESIDENTS,
    "社区工作群": GroupKind.COMMUNITY_STAFF,
    "街道调度群": GroupKind.STREET_STAFF,
}

OFFICE_DAYS: dict[str, OfficeDays] = {
    "工作日": OfficeDays.WORKDAYS,
    "周一到周六": OfficeDays.MON_TO_SAT,
    "每天": OfficeDays.EVERY_DAY,
}
UTILITIES: dict[str, UtilityWord] = {
    "水": UtilityWord.WATER,
    "电": UtilityWord.POWER,
    "气": UtilityWord.GAS,
}
WHOLE_STREET = "全街道"
BETWEEN = "、,，;； "

EMPTY = "不能空着"
CONTROL = "里面有看不见的控制字符"
NOT_A_NUMBER = "要写整数，这里是「{value}」"
TOO_SMALL = "不能小于 {least}，这里是 {value}"
TOO_BIG = "不能大于 {most}，这里是 {value}"
NOT_A_DATE = "要写成 2026-12-01 这样的日期，这里是「{value}」"
NOT_A_CLOCK = "要写成 08:30 这样的时间，这里是「{value}」"
NOT_A_PHONE = "不像电话号码"
ONE_OF = "只能写 {words}，这里是「{value}」"
TOO_LONG = "太长了，最多 {most} 个字"
TWICE = "和前面的行重复了"
DATE_OR_DAYS = "日期和「几天后」要写一个，也只能写一个"
CLOSES_BEFORE_OPENS = "关门要晚于开门 {start}"
UNTIL_MISSING = "写了恢复日期，也要写恢复的时间"
NO_SUCH_PLACE = "没有找到小区或社区「{name}」"
UNTIL_BEFORE_FROM = "结束要晚于开始 {start}"
OTHER_COMMUNITY = "{estate} 属于 {community}，和这里写的社区不一样"
NO_BUILDING = "{estate} 没有登记「{building}」"
BUILDING_WITHOUT_ESTATE = "写了楼栋，也要写小区"
SEVERAL = "有 {count} 位叫「{name}」，请写成「{name}@小区/楼栋」"
NO_SUCH = "没有找到{what}「{name}」"
GROUP_NEEDS_COMMUNITY = "社区工作群要写属于哪个社区"
SCOPE_NEEDED = "要写范围的名字"
SCOPE_NOT_NEEDED = "范围是全街道，这里不用写"
OTHER_BALANCE = "期初积分已经记过，而且数目不同；账只能记一次，要改请用奖励"
PERSON = "人员"

NO_FILE = "找不到这个文件或目录"
NOTHING_HERE = "里面没有认得的表。先用 xiaoer import --template 目录 生成样表"
UNKNOWN_TABLE = "没有叫「{name}」的表{guess}。表名有：{tables}"
NOT_READABLE = "读不了：{reason}"
BAD_TEXT = "不是 UTF-8，也不是 GBK 编码的文字"
BAD_CSV = "不是正确的 CSV：{reason}"
BAD_XLSX = "不是正确的 XLSX 文件"
NO_HEADER = "没有表头"
UNKNOWN_COLUMN = "没有叫「{name}」的列{guess}"
COLUMN_TWICE = "列「{name}」写了两次"
MISSING_COLUMN = "缺少必填的列「{name}」"
TOO_MANY_CELLS = "比表头多出 {count} 格"
GUESS = "，是不是想写「{guess}」"
TABLE_TWICE = "「{name}」这张表出现了两次"


def where(file: str, row: int | None, column: str | None) -> str:
    """Name the place of a mistake."""
    at_row = f" 第 {row} 行" if row else ""
    at_column = f"「{column}」列" if column else ""
    return f"{file}{at_row}{at_column}"


def at(place: str, why: str) -> str:
    """Say what is wrong and where."""
    return f"{place}：{why}"
