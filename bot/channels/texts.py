"""The sentences that channels add themselves."""

PRIVATE_LABEL = "点这里，和我私聊"

PHOTO_LOST = "您发的照片我没有收到，请再发一次。"
PHOTO_TOO_LARGE = (
    "这张照片太大，我收不了。请发一张小一点的（不选「原图」，也不当文件发），"
    "或者用文字说说照片上是什么。"
)
PHOTO_UNREADABLE = "这张照片我打不开。请换一张，或重新拍一张再发。"
