"""What WeCom shows of us besides answers."""

PRESS_OR_TYPE = "点一下，或者回复数字。"
PRESS_OR_SAY = "点一下，或者照上面的话发给我。"
CHOSEN = "已选"
WORKING = "正在办，请稍等……"
TOO_MANY_OPEN = "您前面问的还在办。这一条我收下了，办好马上告诉您，请先别再发。"
LATER = "这件事要多一点时间，办好了我马上在这里告诉您。"
ANSWER_LOST = "对不起，刚才的回答没有了。请再说一次。"
RECEIVED = "收到。"
ANSWER_IN_APP = "这里只发通知。要办理，请打开企业微信里的小二应用，把上面的话发给它。"
THE_ROBOT = "智能机器人"
TYPE_ONE = "可以发："
LINE_OPENS = "正在连接企业微信"
LINE_OPEN = "正常，长连接开着"
LINE_LOST = "长连接断了，会自动重连"
LINE_REFUSED = "企业微信不认机器人的 ID 或 Secret，请检查配置；过几分钟会再试"
LINE_REPLACED = "另有程序在用同一个机器人连接，这里先停了，请只留一个；过几分钟会再试"


def chosen(label: str) -> str:
    """Show on a card which of its buttons was pressed."""
    return f"{CHOSEN}：{label}" if label else CHOSEN


def answer_in_group(robot: str) -> str:
    """Say where to answer in a group in which the smart robot hears who calls it."""
    return f"要办理，就在这个群里 @{robot or THE_ROBOT}，把上面的话发给它。"
