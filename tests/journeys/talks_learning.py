"""A talk about a question nobody answered: staff link it, a lawyer approves, the askers hear."""

from tests.houses import knowledge
from tests.journeys.journey import (
    RESTART,
    Happens,
    Journey,
    Waits,
    says,
    says_in,
    sees,
    unanswered,
)

STAFF = "建港社区工作群"
RESIDENTS = "芳草苑居民群"
ENTRY = knowledge().entries["income-owner"]
MACHINE = "岗亭旁边那台卖水的机器赚的钱有没有我们一份"
MACHINE_TOO = "请问岗亭旁边那台卖水的机器赚的钱有没有我们一份？"
WAGES = "我是居民丙，电话13800138000，公司拖欠工资怎么要回来"

LEARNING = Journey(
    "a question nobody answered is linked, approved by another, rehearsed, and told to its askers",
    (
        says("居民甲", MACHINE, lacks=(ENTRY.short,)),
        says("居民乙", MACHINE_TOO, lacks=(ENTRY.short,)),
        Waits("+70m", nobody=("居民甲", "居民乙", STAFF)),
        unanswered("居民甲", "待答", group=RESIDENTS),
        says("居民甲", "待答", "权限", lacks=("卖水的机器",)),
        says_in(STAFF, "书记甲", "待答", "1：岗亭旁边那台卖水", "2 人", lacks=("居民甲",)),
        says(
            "书记甲",
            "待答 1",
            "2 人问过 2 次",
            MACHINE_TOO,
            more=(sees("书记甲", "最相近的条目", "归入 1 1", "1 归入「"),),
        ),
        says(
            "书记甲",
            "归入 1 income-owner",
            "要由另一位有律师身份的人批准",
            more=(sees("律师甲", "待批 1", MACHINE, ENTRY.title),),
        ),
        says("书记甲", "准 1", "要有律师身份的人批"),
        says("律师甲", "待批", MACHINE, "书记甲"),
        says("律师甲", "准 1", "已批准", "复查"),
        Waits(
            "+1m",
            (
                sees("律师甲", "已上线", "没有一题变错", "2 位"),
                sees("居民甲", f"您今天问的「{MACHINE}」", ENTRY.short, "不代替律师意见"),
                sees("居民乙", f"您今天问的「{MACHINE_TOO}」", "看全文 1"),
            ),
            nobody=("居民丙", RESIDENTS, STAFF),
        ),
        says("居民乙", "看全文 1", ENTRY.citations[0]),
        says("居民丙", MACHINE, ENTRY.short, ENTRY.citations[0]),
        Happens(RESTART),
        says("居民丙", MACHINE, ENTRY.short),
        says("律师甲", "问法 1", "在用", "书记甲提出", "律师甲批准", "小二复查通过，上线"),
        says("律师甲", "撤下 1 有新规定", "已撤下"),
        Waits("+1m", nobody=("居民甲", "居民乙")),
        says("居民丙", MACHINE, lacks=(ENTRY.short,)),
    ),
)

STAFF_ANSWER = Journey(
    "a question that is not ours is answered by staff in their own words, at a decent hour",
    (
        says("居民丙", WAGES, "记下来了"),
        says("居民丙", "讲个笑话", lacks=("记下来了",)),
        Waits("=2026-11-23T21:30", nobody=("居民丙",)),
        says_in(STAFF, "书记甲", "待答 1", "拖欠工资", lacks=("13800138000", "居民丙")),
        says_in(STAFF, "书记甲", "答 1 请打 12333 找劳动监察", "1 位", "早上 8 点"),
        Waits("=2026-11-24T07:59", nobody=("居民丙",)),
        Waits(
            "+1m",
            (
                sees(
                    "居民丙",
                    "社区书记答复您：请打 12333 找劳动监察",
                    "工作人员答复",
                    at="2026-11-24T08:00",
                ),
            ),
            nobody=(STAFF,),
        ),
        says("书记甲", "待答", "现在没有待答的问题"),
    ),
)

TALKS = (LEARNING, STAFF_ANSWER)
