"""The names under which accounts are known in the database."""


def wechat_account(app_id: str) -> str:
    """Return the name of a service account."""
    return f"wechat:{app_id}"
