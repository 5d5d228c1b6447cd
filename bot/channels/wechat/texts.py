"""What WeChat shows of us besides answers: the menu, what is said of late answers and photos."""

from dataclasses import dataclass

NOT_SHOWN = "【收到不支持的消息类型，暂无法显示】"
"""What WeChat writes in place of what it does not hand on: stickers, red packets."""
ELLIPSIS = "…"
MORE_BEHIND = "\n（后面还有，回复 1 查看）"
LATER = "您的消息收到了，正在办。请过半分钟回复 1 查看答复。"
NOT_YET = "还在办，请再等一会儿，然后回复 1 查看。急事请直接打电话。"
ASK_FOR_ANSWER = "工作人员的答复不会自己弹出来，请过些时候回复 1 查看。"
PHOTO_IS_THERE = "还有一张照片在这里显示不了，请在网页上看。"

SCENE_NOT_GRANTED = "微信二维码做不了：这个公众号没有这项功能（要认证过的服务号）。口令照样能用。"
SCENE_MISCONFIGURED = (
    "微信二维码没有做成：公众号的设置不对，请管理员运行 xiaoer check 看看。口令照样能用。"
)
SCENE_TOMORROW = "微信二维码没有做成：今天的次数用完了，明天再做。口令照样能用。"
SCENE_LATE = "微信二维码没有做成：微信没有及时答复。口令照样能用；想要二维码，请再开一张。"


@dataclass(frozen=True, slots=True)
class Button:
    """One entry of the menu under the talk: what it shows, its key, what pressing it says."""

    label: str
    key: str
    words: str


MENU: tuple[tuple[str, tuple[Button, ...]], ...] = (
    (
        "办事",
        (
            Button("我要报修", "report", "我要报修"),
            Button("我的报修", "my_tickets", "我的报修"),
            Button("找工作人员", "person", "人工"),
        ),
    ),
    (
        "志愿积分",
        (
            Button("有什么班", "shifts", "有什么班"),
            Button("我的班次", "my_shifts", "我的班次"),
            Button("我的积分", "my_points", "我的积分"),
            Button("积分换什么", "gifts", "积分能换什么"),
        ),
    ),
    ("怎么用", (Button("菜单", "menu", "菜单"),)),
)
"""At most 3 by 5; everything in it can be typed as well."""

MENU_WORDS = {button.key: button.words for _, buttons in MENU for button in buttons}


def scene(*, own: bool) -> str:
    """Say what the QR picture of a code is for."""
    if own:
        return "不想打字，就用您的微信扫这个二维码。谁扫了，谁就算是您，别给别人扫。"
    return "不想打字，也可以让本人用微信扫这个二维码。谁扫了，谁就算是本人，请当面给他扫。"


def scene_link(link: str, *, own: bool) -> str:
    """Say where the QR picture of a code is, when it cannot be shown here."""
    return f"{scene(own=own)}二维码在这里：\n{link}"


def menu_line(button: Button) -> str:
    """Show an entry of the menu and the words that do the same."""
    return f"  {button.label}（也可以直接说「{button.words}」）"
