"""How a part of the street stands, in figures, and the words that ask for it."""

import re

from storage.ticket_figures import Figures

FIGURES = re.compile(
    r"(?:看看?|查看?)?(?:本周|这周|这个星期|一周|今天)?的?(?:工单|报修|单子)?的?(?:统计|汇总|周报)(?:一下|情况|数据|表)?"
    r"|(?:现在)?(?:还)?有?(?:多少|几)(?:个|件|张)?(?:单子?|工单|报修)(?:没办|没接|没办完|没处理|超时|没完成)"
    r"|(?:今天|今日|本周|这周|现在)?(?:一共|总共)?有?(?:几|多少)(?:个|件|条)?(?:报修|工单)"
    r"|(?:还有)?(?:谁|哪些人?|哪个)(?:还)?(?:没有?|冇)(?:人)?接单?"
)


def figures(found: Figures) -> str:
    """Say how a part of the street stands."""
    open_now = found.waiting + found.active
    lines = [f"还没办完 {open_now} 件：等接单 {found.waiting} 件，处理中 {found.active} 件。"]
    if found.late:
        named = "、".join(str(number) for number in found.late_numbers)
        more = " 等" if found.late > len(found.late_numbers) else ""
        lines.append(f"过了答复时间还没人接 {found.late} 件：{named}{more}。")
    else:
        lines.append("没有过了答复时间还没人接的。")
    lines.append(f"本周（周一起）办结 {found.finished} 件。说「待办」看清单。")
    return "\n".join(lines)
