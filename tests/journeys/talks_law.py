"""Talks about answers that are explained, signed, held back and given again."""

from tests.journeys.journey import Journey, Waits, says, says_in, sees

RESIDENTS = "芳草苑居民群"
ASKED = "物业服务不好能不交物业费吗"
ENTRY = "fee-dissatisfied"
SHORT = "不等于整笔物业费都可以不交"

EXPLAIN = Journey(
    "an answer is explained by its articles, its words and whoever stands for it",
    (
        says("居民甲", "依据", "没有问法律问题"),
        says("居民甲", ASKED, SHORT, "小二看不到您的合同和现场", "回复 9"),
        says("居民甲", "依据", "1. 民法典第944条", "《中华人民共和国民法典》", "核对"),
        says(
            "居民甲",
            "为什么这么回",
            "对物业服务不满意",
            "都提到",
            "物业费",
            "把握约",
            "第 1 版",
            "尚待律师复核",
        ),
        says_in(RESIDENTS, "居民甲", f"@小二 {ASKED}", SHORT, "不代替律师", "私聊"),
    ),
)

SIGNED = Journey(
    "a lawyer reads an answer whole and signs it, and residents see who did",
    (
        says("居民甲", "待审", "是律师和街道、社区负责人的事"),
        says("居民甲", f"签 {ENTRY}", "只能由律师本人"),
        says("书记甲", f"签 {ENTRY}", "只能由律师本人"),
        says("律师甲", "待审", "未签", "说「审 1」"),
        says("律师甲", f"签 {ENTRY}", "请先说「审"),
        says("律师甲", f"审 {ENTRY}", SHORT, "未签", "民法典第944条"),
        says("律师甲", f"签 {ENTRY}", "已签"),
        says("律师甲", f"审 {ENTRY}", "已签", "建港党群驿站律师于"),
        Waits("+1m"),
        says(
            "居民甲",
            ASKED,
            "建港党群驿站律师于 2026 年 11 月 23 日复核",
            lacks=("尚待律师复核",),
        ),
    ),
)

HELD_BACK = Journey(
    "an answer is held back, its askers are told once, and a lawyer frees it",
    (
        says("居民甲", ASKED, SHORT),
        says("居民甲", ASKED, SHORT),
        says("书记甲", f"冻结 {ENTRY}", "为什么冻结"),
        says(
            "书记甲",
            f"冻结 {ENTRY} 第二款说得不清楚",
            "1 位问过的居民",
            more=(
                sees("居民甲", "您之前问过", "先不要照着办", "回复 9"),
                sees("律师甲", "被暂停", "待审"),
            ),
        ),
        Waits("+1m", nobody=("居民甲", "律师甲")),
        says("居民乙", ASKED, "重新核对", "回复 9", lacks=(SHORT,)),
        says_in(RESIDENTS, "居民丙", f"@小二 {ASKED}", "重新核对", lacks=(SHORT,)),
        says("书记甲", f"解冻 {ENTRY}", "只能由律师本人"),
        says("律师甲", "待审", "冻结 1", "〔冻结〕"),
        says("律师甲", "审 1", "人工暂停", SHORT),
        says("律师甲", "解冻 1", "已解冻"),
        Waits("+1m"),
        says("居民乙", ASKED, SHORT),
    ),
)

TALKS = (EXPLAIN, SIGNED, HELD_BACK)
