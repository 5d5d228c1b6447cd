"""What is to be done about an error of WeChat or WeCom, for whoever looks after the account."""

import re

_CODE = re.compile(r"(?<![\w.])(-1|[3-9]\d{4}|\d{6})(?![\w.])")
_FOLLOWS = "这个人没有关注，或者拉黑了，不用处理"
_WINDOW = "平台只准在居民说话后的一段时间里发几条，已经到了，不用处理：等他再说话"
_TOKEN = "access_token 被拒，会自动重取；总是出现，就是别的程序也在取，或者 Secret 不对"  # noqa: S105  a sentence
_SECRET = "Secret 不对，或者重置过：请到管理后台看清楚，改配置再启动"  # noqa: S105  a sentence
_ADDRESS = "请把这台服务器的公网 IP 加到"
_RIGHT = "这个应用没有权限：请到企业微信管理后台看它的可见范围和接口权限"
ADVICE: dict[int, str] = {
    -1: "平台忙，会自动再试",
    40001: _TOKEN,
    40014: _TOKEN,
    42001: _TOKEN,
    40013: "AppID 或企业 ID 不对：请照管理后台改配置",
    40056: "应用的 AgentId 不对：请照管理后台改配置",
    40125: _SECRET,
    40164: f"{_ADDRESS}公众平台「设置与开发」里的「IP 白名单」",
    40243: "AppSecret 被冻结了：请到公众平台解冻",
    60020: f"{_ADDRESS}企业微信管理后台这个应用的「企业可信 IP」",
    60011: _RIGHT,
    301002: _RIGHT,
    40037: "模板 ID 不对：请照公众平台改配置里的模板 ID",
    47003: "模板里的字段对不上：请照公众平台改配置里的字段名",
    45009: "今天的次数用完了，不用处理：明天自动恢复",
    45011: "发得太快，会自动再试",
    45015: _WINDOW,
    45047: _WINDOW,
    95001: _WINDOW,
    95002: _WINDOW,
    48001: "这个账号没有这项功能（多半没有认证）：去认证，或者把 customer_messages、qr_codes 改成 false",
    40003: _FOLLOWS,
    43004: _FOLLOWS,
    43019: _FOLLOWS,
    43101: "这个人没有同意接收，不用处理",
    95000: "微信客服的账号不对：请照企业微信管理后台「微信客服」改配置",
    93000: "群机器人的网址不对，或者机器人被移出群了：请改 wecom.push_file 里的网址",
}
"""By code, as far as the meaning is documented (docs/wechat.md, docs/wecom.md)."""


def advice(reason: str) -> str:
    """Say what is to be done about it, with the platform's own words behind."""
    code = _CODE.search(reason)
    known = ADVICE.get(int(code[1])) if code else None
    return f"{known}（{reason}）" if known else reason
