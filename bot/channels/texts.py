"""The sentences that channels add themselves."""

PRIVATE_LABEL = "点这里，和我私聊"
