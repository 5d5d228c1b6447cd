"""The names under which accounts are known in the database."""


def wechat_account(app_id: str) -> str:
    """Return the name of a service account."""
    return f"wechat:{app_id}"


def wecom_account(part: str, corp_id: str) -> str:
    """Return the name of a part of WeCom that has its own secret."""
    return f"wecom_{part}:{corp_id}"
