"""How the service is doing, in words that whoever answers for it understands."""

NAMES = {
    "web": "网页",
    "telegram": "Telegram",
    "wechat": "微信公众号",
    "wecom": "企业微信应用",
    "wecom_kf": "微信客服",
    "wecom_bot": "企业微信智能机器人",
    "wecom_push": "企业微信群机器人",
    "sms": "短信",
    "terminal": "终端",
}
QUEUE = "待发消息"
VISITS = "待访"
NEVER_RAN = "还没有运行过"
WEB_SERVES = "正常"
WAITS = "正常，等平台推送消息"
ONLY_ANSWERS = "正常，等平台推送消息；没有配 AppSecret，只能当场回答"
NEVER_FETCHED = "；还没取过凭证"
SMS_SET = "已配置短信网关"
GROUPS = "群消息"


def seen(words: str, minutes: int) -> str:
    """Say how a channel is, and how old that is when nobody has looked lately."""
    return words if minutes <= FRESH else f"服务没有在运行；{span(minutes)}前最后一次看到：{words}"


FRESH = 3
"""Minutes; the running service looks once a minute."""
_HOUR, _DAY = 60, 24 * 60


def span(minutes: int) -> str:
    """Return a span as people say it."""
    if minutes < _HOUR:
        return f"{minutes} 分钟"
    return f"{minutes // _HOUR} 小时" if minutes < 2 * _DAY else f"{minutes // _DAY} 天"


def pages(number: int) -> str:
    """Say how many pages are open, at all workers."""
    return f"，页面开着 {number} 个"


def at_some(words: str, bad: int, workers: int) -> str:
    """Say what is wrong, and at how many workers where it is not at all of them."""
    return f"{words}（{workers} 个进程里有 {bad} 个这样）" if 0 < bad < workers else words


def robots(groups: int) -> str:
    """Say how many groups have a robot."""
    return f"已配置，{groups} 个群有机器人"


def fetched(minutes: int) -> str:
    """Say how old the access token is."""
    return f"；凭证是 {span(minutes)}前取的"


def refused(error: str, minutes: int) -> str:
    """Say what the platform refused the account last; until a new token it stands there."""
    return f"；出过错，请处理：{error}（{span(minutes)}前）"


def busiest(used: int, most: int) -> str:
    """Say how much of a minute the busiest person or group has used up."""
    return f"；这一分钟发得最多的一处用了 {used} 条，最多 {most} 条"


def token(minutes: int) -> str:
    """Say for how long the credential has worked."""
    return f"；凭证已经好用 {span(minutes)}"


def trouble(reason: str, minutes: int) -> str:
    """Say what the channel refused last."""
    return f"；最近一次没发出去：{reason}（{span(minutes)}前）"


def left(people: int, messages: int, consents: int) -> str:
    """Say how much the platform still lets us say unasked."""
    allowed = f"，订阅提醒还有 {consents} 条" if consents else ""
    return f"；还能主动发给 {people} 人共 {messages} 条{allowed}"


def unreachable(people: int) -> str:
    """Say to how many people nothing arrives there."""
    return f"；{people} 个账号收不到（拉黑或停用）"


def queue(overdue: int, waiting: int, failed: int) -> str:
    """Say what waits to be said, and what reached nobody."""
    late = f"{overdue} 条该发还没发" if overdue else "没有积压"
    return f"{late}；{waiting} 条定好了时间或等人来看；90 天内 {failed} 条谁也没联系上"


def visits(number: int) -> str:
    """Say how many people have to be visited."""
    return f"{number} 位居民等人上门" if number else "没有"


def groups(used: int, most: int) -> str:
    """Say how much may still be said in the busiest group this minute."""
    return f"这一分钟最忙的群用了 {used} 条，最多 {most} 条"
