"""What the talk in the terminal says itself, and the words it understands."""

import re

HELLO = "和小二说话。写 [图片 路径] 发照片；写 退出 或按 Ctrl-D 结束。"
YOU = "您> "
BOT = "小二"
NOTICE = "小二（通知）"
BYE = frozenset({"退出", "/quit", "/exit"})
PHOTO = re.compile(r"\[图片\s+(?P<path>[^\]]+?)\s*\]")


def said(who: str, text: str) -> str:
    """Show who says something."""
    return f"{who}：{text}"


def photos(count: int) -> str:
    """Say that photos belong to the message; a terminal cannot show them."""
    return f"（照片 {count} 张）"


def nobody(name: str, people: list[str]) -> str:
    """Say that the demo street has nobody of this name."""
    return f"演示的街上没有「{name}」。有：{'、'.join(people)}"


def no_photo(path: str) -> str:
    """Say that a photo cannot be read."""
    return f"打不开这张照片：{path}"


def bad_photo(path: str) -> str:
    """Say that a file is not kept."""
    return f"这个文件太大，或者不是认得的照片：{path}"


NO_DEMO = "--as 只能在演示的街上用。"
