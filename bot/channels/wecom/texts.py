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


def chosen(label: str) -> str:
    """Show on a card which of its buttons was pressed."""
    return f"{CHOSEN}：{label}" if label else CHOSEN


def answer_in_group(robot: str) -> str:
    """Say where to answer in a group in which the smart robot hears who calls it."""
    return f"要办理，就在这个群里 @{robot or THE_ROBOT}，把上面的话发给它。"
