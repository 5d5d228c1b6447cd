"""The menu under the talk, as WeChat takes it and as people read it."""

from bot.channels.wechat import texts


def as_json() -> dict[str, object]:
    """Return the menu for `menu/create`."""
    return {
        "button": [
            {
                "name": name,
                "sub_button": [
                    {"type": "click", "name": button.label, "key": button.key} for button in buttons
                ],
            }
            for name, buttons in texts.MENU
        ]
    }


def as_lines() -> list[str]:
    """Return the menu to read: what stands where, and what can be typed instead."""
    lines = []
    for name, buttons in texts.MENU:
        lines.append(name)
        lines += [texts.menu_line(button) for button in buttons]
    return lines
