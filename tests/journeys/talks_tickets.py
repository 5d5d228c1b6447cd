"""Talks about reports: from 「电梯坏了」 to the stars, up the ladder, and by strangers."""

from dataclasses import replace

from tests.journeys.journey import (
    Journey,
    Says,
    SentAgain,
    Waits,
    group_sees,
    presses,
    presses_in,
    says,
    says_in,
    sees,
    unanswered,
)

STAFF = "建港社区工作群"
STREET = "街道调度群"

LIFT = (
    says("居民甲", "三栋二单元电梯坏了", "请核对", "电梯坏了", "三栋二单元", "1 确认提交"),
    presses(
        "居民甲",
        "确认提交",
        "已收到",
        "1001",
        "我的报修",
        "撤回",
        more=(group_sees(STAFF, "1001", "电梯坏了", "1 接单", lacks=("居民甲",)),),
    ),
)

REPORT_TO_THE_END = Journey(
    "a lift is reported, mended badly, reopened, mended well and rated",
    (
        says("居民甲", "三栋二单元电梯坏了", "请核对", "芳草苑小区", "三栋二单元", "改2"),
        says("居民甲", "养狗要办什么手续"),
        says("居民甲", "改2", "在哪里"),
        says("居民甲", "三栋一单元", "三栋一单元", "1 确认提交", lacks=("二单元",)),
        Says("居民甲", "", (sees("居民甲", "1 张", "1 确认提交"),), photo=True),
        presses(
            "居民甲",
            "确认提交",
            "已收到",
            "1001",
            "物业",
            "上午 11 点",
            more=(group_sees(STAFF, "1001", "电梯坏了", "照片 1 张", "1 接单", lacks=("居民甲",)),),
        ),
        presses_in(
            STAFF,
            "物业甲",
            "接单",
            "1001 号已由物业接单",
            more=(
                sees("居民甲", "1001", "物业已接单", lacks=("物业甲",)),
                sees("物业甲", "1001", "三栋一单元"),
            ),
        ),
        says("居民甲", "1001到哪了", "处理中", "物业"),
        says_in(
            STAFF,
            "物业甲",
            "@小二 办结 1001 已更换主板",
            "1001",
            "办结",
            more=(sees("居民甲", "1001", "已更换主板", "1 修好了", "2 没解决"),),
        ),
        says(
            "居民甲",
            "没解决",
            "1001",
            "重新",
            more=(group_sees(STAFF, "1001", "没解决", "1 接单"),),
        ),
        says(
            "居民甲",
            "还是停在三楼",
            "1001",
            more=(group_sees(STAFF, "1001", "还是停在三楼"),),
        ),
        presses_in(STAFF, "物业甲", "接单", "1001", more=(sees("居民甲", "已接单"),)),
        says(
            "物业甲",
            "办结 1001 换了新门锁",
            "1001",
            more=(sees("居民甲", "换了新门锁", "1 修好了"),),
        ),
        presses("居民甲", "修好了", "1001", "5 分"),
        says("居民甲", "5", "谢谢", "5 分"),
        says("居民甲", "我的报修", "1001", "已结束"),
        says("居民乙", "1001", lacks=("电梯",)),
    ),
)

LADDER = Journey(
    "a report climbs from the estate to the community, the street and the district",
    (
        *LIFT,
        says(
            "物业甲",
            "升级 1001",
            "社区",
            more=(
                sees("居民甲", "1001", "建港社区"),
                group_sees(STAFF, "1001", "升级上来"),
            ),
        ),
        presses_in(
            STAFF,
            "书记甲",
            "升级",
            "街道",
            more=(
                sees("居民甲", "1001", "街道"),
                group_sees(STREET, "1001", "电梯坏了", "1 接单"),
            ),
        ),
        presses_in(STREET, "街道甲", "升级", "区", more=(sees("居民甲", "1001", "汉阳区"),)),
        presses_in(STREET, "城管甲", "接单", "1001", more=(sees("居民甲", "1001", "已接单"),)),
        presses_in(STREET, "城管甲", "升级", "不能再往上"),
        says("居民甲", "1001", "处理中", "汉阳区"),
    ),
)

LATE = Journey(
    "a report that nobody takes is brought up again when its promise is over",
    (
        *LIFT,
        Waits("+1h50m", nobody=(STAFF,)),
        Waits("+15m", (group_sees(STAFF, "1001", "没有人接单", at="2026-11-23T11:"),)),
    ),
)

NEWCOMER = Journey(
    "a stranger reports from an estate that we have to ask for",
    (
        says("王小明", "楼下路灯不亮了", "在哪里", "自动助手"),
        says("王小明", "2栋门口", "哪个小区"),
        says("王小明", "芳草苑小区", "请核对", "路灯不亮", "2栋门口", "芳草苑小区"),
        says(
            "王小明",
            "1",
            "已收到",
            "1001",
            more=(group_sees(STAFF, "1001", "路灯不亮", lacks=("王小明",)),),
        ),
        says("王小明", "撤回", "1001"),
        says("王小明", "我的报修", lacks=("处理中",)),
    ),
)

AUTHORITY = Journey(
    "whoever has no office for it cannot touch a report",
    (
        *LIFT,
        says("居民乙", "接单 1001", lacks=("已由", "电梯")),
        says("商户甲", "办结 1001 好了", lacks=("已由", "电梯")),
        unanswered("居民乙", "接单 1001", group="芳草苑居民群"),
        unanswered("物业甲", "大家中午好", group=STAFF),
        says_in(STAFF, "物业甲", "接单 1001", "1001 号已由物业接单"),
    ),
)

EDITED = Journey(
    "an edited message corrects the draft and never makes a second report",
    (
        says("居民甲", "三栋二单元电梯坏了", "三栋二单元"),
        Says(
            "居民甲",
            "五栋一单元电梯坏了",
            (sees("居民甲", "请核对", "五栋一单元", lacks=("三栋",)),),
            edits=True,
        ),
        says("居民甲", "1", "已收到", "1001"),
        Says("居民甲", "六栋电梯坏了", edits=True, silent=True),
        says("居民甲", "我的报修", "1001", "五栋一单元", lacks=("1002",)),
    ),
)

TWICE = Journey(
    "the same message twice has one effect and one answer",
    (
        says("居民甲", "三栋二单元电梯坏了", "请核对"),
        SentAgain("居民甲", (sees("居民甲", "请核对", "三栋二单元"),)),
        says("居民甲", "1", "已收到", "1001"),
        SentAgain("居民甲", (sees("居民甲", "已收到", "1001"),)),
        says("居民甲", "我的报修", "1001", lacks=("1002",)),
    ),
)

DRAFT = Journey(
    "a draft survives a night and a restart, and is brought up once",
    (
        says("居民甲", "三栋二单元电梯坏了", "请核对"),
        Waits("+4h", (sees("居民甲", "没填完"),)),
        Waits("=2026-11-23T20:00", nobody=("居民甲",)),
        Waits("=2026-11-24T09:30", nobody=("居民甲",)),
        says("居民甲", "1", "已收到", "1001"),
    ),
)

QUIET = Journey(
    "what others do at night is told in the morning",
    (
        *(replace(step) for step in LIFT),
        Waits("=2026-11-23T21:30"),
        says("物业甲", "接单 1001", "1001"),
        Waits("=2026-11-24T07:59", nobody=("居民甲",)),
        Waits("=2026-11-24T08:00", (sees("居民甲", "已接单", at="2026-11-24T08:00"),)),
    ),
)

TALKS = (
    REPORT_TO_THE_END,
    LADDER,
    LATE,
    NEWCOMER,
    AUTHORITY,
    EDITED,
    TWICE,
    DRAFT,
    QUIET,
)
