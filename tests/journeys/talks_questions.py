"""Talks about look-alikes, two wishes in one message, and the languages people write."""

from tests.journeys.journey import Journey, presses, says, sees

TELL_APART = Journey(
    "one question tells two look-alikes apart, and is answered by a number or in words",
    (
        says(
            "居民甲",
            "押金被扣了怎么办",
            "是装修押金，还是租房押金？",
            "租房押金",
            "装修押金",
            "都不是",
        ),
        presses("居民甲", "租房押金", "住房租赁条例第10条"),
        says("居民甲", "押金被扣了怎么办", "是装修押金，还是租房押金？"),
        says("居民甲", "装修的押金", "依据", lacks=("是装修押金，还是租房押金",)),
        says("居民甲", "物业服务不好能不交物业费吗", "民法典第944条", lacks=("还是",)),
    ),
)

TWO_WISHES = Journey(
    "who reports and asks gets the law and the offer to report, and no report unasked",
    (
        says(
            "居民甲",
            "我家天花板漏水了，这个维修费到底谁出",
            "民法典第1165条",
            more=(sees("居民甲", "1 有用", "4 报修"),),
        ),
        says("居民甲", "我的报修", "没有"),
        says("居民甲", "我家天花板漏水了，这个维修费到底谁出", "民法典第1165条"),
        presses("居民甲", "报修", "天花板漏水了", "芳草苑小区"),
        says("居民甲", "确认", "1001"),
        says("居民乙", "3栋二单元电梯坏了", "请核对报修内容", lacks=("民法典",)),
    ),
)

LANGUAGES = Journey(
    "traditional is answered in traditional, English in English",
    (
        says(
            "居民甲", "物業費可以不交嗎", "依據", "民法典第944條", more=(sees("居民甲", "沒幫上"),)
        ),
        says("居民甲", "我的積分", "30 個積分"),
        says("居民甲", "我的积分", "30 个积分"),
        says("居民乙", "Can I refuse to pay the property fee?", "Bad service"),
        says("居民乙", "Where can I renew my library card here?", "Reply 9"),
    ),
)

TALKS = (TELL_APART, TWO_WISHES, LANGUAGES)
