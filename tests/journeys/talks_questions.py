"""Talks about look-alikes, two wishes, the street itself and the languages people write."""

from tests.journeys.journey import Journey, Waits, presses, says, says_in, sees

RESIDENTS = "芳草苑居民群"

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

GUIDE = Journey(
    "what the street says of itself is told with its day, what it does not know goes to staff",
    (
        says("居民甲", "居委会几点上班", "08:30", "17:30", "更新", "演示", lacks=("民法典",)),
        says("居民甲", "党群驿站电话是多少", "027-00000002"),
        says("居民甲", "办居住证明带什么", "身份证", "更新", lacks=("条例",)),
        says("居民甲", "居委会周六开门吗", "休息"),
        says("居民甲", "派出所电话", "没有登记", "交给工作人员"),
        says("居民甲", "今天停电吗", "没有登记的停电通知", "报修"),
        says_in(RESIDENTS, "居民乙", "@小二 党群驿站电话是多少", "027-00000002"),
    ),
)

OUTAGE = Journey(
    "an outage is announced in one line, told to who asks or reports, and ended",
    (
        says("物业甲", "停水 芳草苑小区 今天8点到12点 水管检修", "08:00 到 12:00", "水管检修"),
        says("物业甲", "确认", "已发布", "恢复供水"),
        says("居民甲", "为什么停水", "正在停水", "水管检修", "芳草苑物业"),
        says("居民乙", "我家停水了", "正在停水", "仍要报修"),
        says("居民乙", "不用了", "没有报修"),
        says("居民乙", "停水 芳草苑小区 明天8点到12点 我猜的", lacks=("已发布",)),
        says("居民乙", "取消"),
        says("物业甲", "恢复供水 芳草苑小区", "记下恢复"),
        says("居民甲", "什么时候来水", "已经恢复"),
        says("物业甲", "停水 建港社区 明天8点到12点 检修", "权限"),
    ),
)

OUTAGE_PASSES = Journey(
    "an outage that should be over is said to be so, and no longer stops a report",
    (
        says("物业甲", "停电 芳草苑小区 今天9点到11点 线路检修", "请核对"),
        says("物业甲", "确认", "已发布"),
        Waits("+3h"),
        says("居民甲", "为什么停电", "应当已经恢复", "报修"),
        says("居民甲", "我家停电了", "请核对报修内容"),
    ),
)

LANGUAGES = Journey(
    "traditional is answered in traditional, English in English",
    (
        says(
            "居民甲",
            "對物業服務不滿意，物業費可以不交嗎",
            "依據",
            "民法典第944條",
            more=(sees("居民甲", "沒幫上"),),
        ),
        says("居民甲", "我的積分", "30 個積分"),
        says("居民甲", "我的积分", "30 个积分"),
        says("居民乙", "Can I refuse to pay the property fee?", "Bad service"),
        says("居民乙", "Where can I renew my library card here?", "Reply 9"),
    ),
)

TALKS = (TELL_APART, TWO_WISHES, GUIDE, OUTAGE, OUTAGE_PASSES, LANGUAGES)
