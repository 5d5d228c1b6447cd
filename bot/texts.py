"""What the shell around the core says to whoever runs it: configuration, start, data folder."""

STREET = "洲头街"
"""The street that is served when the configuration names none."""
WAKE_WORDS = ("小二",)

NO_SUCH_KEY = "没有这个设置项"
NOT_A_SECTION = "这是一组设置，不能直接写值"
REQUIRED = "必须填写"
INTEGER = "要写整数"
TRUTH = "要写 true 或 false"
TEXT = "要写文字（两边加引号）"
LIST = '要写成列表，例如 ["小二", "小二在吗"]'
CLOCK = "要写成 24 小时制的时间，例如 08:30"
NOT_EMPTY = "不能为空"

DATABASE_URL = (
    "要写成 sqlite:///文件路径 或 postgresql+psycopg://用户@主机/库名；留空就用数据目录里的 SQLite"
)
NOT_FROM_BOTFATHER = "不像 BotFather 给的 token，应当是「数字:字母数字」"
TWO_TOKENS = "telegram.token 和 telegram.token_file 只能写一个"
EMPTY_FILE = "token 文件是空的"
WEBHOOK_NEEDS_URL = "telegram.mode 是 webhook 时必须填写公网地址，以 https:// 开头"
WEBHOOK_NEEDS_KEY = "telegram.mode 是 webhook 时必须填写，1 到 256 个字母、数字、下划线或短横"
WEBHOOK_PATH = "网址的路径要是 {path}"
HTTP_ADDRESS = "要写成 https:// 或 http:// 开头的地址，不用就留空"
SMS_NEEDS_KEY = "写了 sms.url 就要有密语，短信网关用它辨认是不是小二发来的"
API_URL = "要写成 http:// 或 https:// 开头的网址；留空就用 Telegram 官方的"
APP_ID = "要写公众平台上的 AppID：wx 加 16 位数字或 a 到 f 的字母；留空就不开微信"
SIGNING_WORD = "开了微信就必须填写，3 到 32 个字母或数字，和公众平台「服务器配置」里的一样"
AES_KEY = "安全模式和兼容模式必须填写，正好 43 个字母或数字，和公众平台「服务器配置」里的一样"
NO_APP_KEY = "不像公众平台的 AppSecret，应当是 32 位数字或 a 到 f 的字母"
TWO_SECRETS = "wechat.secret 和 wechat.secret_file 只能写一个"
NEEDS_APP_KEY = "要用这一项，先填写 wechat.secret 或 wechat.secret_file"
TEMPLATE_ID = "要写公众平台上的模板 ID；留空就不用"
TEMPLATE_FIELD = "要写模板里字段的名字，例如 thing1"
WECHAT_API_URL = "要写成 http:// 或 https:// 开头的网址；留空就用微信官方的"
CORP_ID = "要写企业微信管理后台「我的企业」里的企业 ID：ww 或 wx 开头，共 18 位"
NEEDS_CORP_ID = "要用这一项，先填写 wecom.corp_id"
WECOM_API_URL = "要写成 http:// 或 https:// 开头的网址；留空就用企业微信官方的"
WECOM_LINE_URL = "要写成 wss:// 开头的网址；留空就用企业微信官方的"
WECOM_SIGNING_WORD = "必须填写，3 到 32 个字母或数字，和企业微信管理后台「接收消息」里的 Token 一样"
WECOM_AES_KEY = (
    "必须填写，正好 43 个字母或数字，和企业微信管理后台「接收消息」里的 EncodingAESKey 一样"
)
NO_CORP_KEY = "不像企业微信的 Secret，应当是 20 位以上的字母、数字、下划线或短横"
HOST = "只写主机名，不带 https:// 和路径，例如 example.com"
ROBOTS_NOT_TOML = '文件要写成一行一个「"群名" = "网址"」'
ROBOT_TWICE = "同一个机器人写了两个群，一个群要用一个机器人"
DUTY_ORDER = "下班时间要晚于上班时间 {start}"
PHONE = "只能写数字、空格和短横，例如 027-12345678"
GUESS = "，是不是想写 {guess}？"
FROM_ENVIRONMENT = "{key}（环境变量 {variable}）"
UNKNOWN_VARIABLE = "没有这个设置项，环境变量要写成 XIAOER_组名__项名，例如 XIAOER_WEB__PORT"

IN_USE = (
    "数据目录 {folder} 正被另一个小二使用（进程 {pid}）。"
    "请先停下那一个，或者用 --data 另选一个目录。"
)
NEWER_DATABASE = "数据库比程序新（版本 {revision}）。请换上较新的程序，不要用旧程序打开它。"
NO_FOLDER = "数据目录 {folder} 用不了：{reason}"


def mistakes(found: list[str]) -> str:
    """List every mistake of the configuration."""
    lines = "\n".join(f"  - {mistake}" for mistake in found)
    return (
        f"配置有 {len(found)} 处要改，小二没有启动：\n{lines}\n每一项的说明见 config.example.toml。"
    )


def no_file(path: str) -> str:
    """Say that the configuration file is not there."""
    return f"找不到配置文件 {path}"


def unreadable(path: str, reason: str) -> str:
    """Say that a file cannot be read."""
    return f"读不了文件 {path}：{reason}"


def two_secrets(part: str) -> str:
    """Say that a secret stands in two places."""
    return f"wecom.{part}_secret 和 wecom.{part}_secret_file 只能写一个"


def needs_corp_secret(part: str) -> str:
    """Say that a part of WeCom lacks its secret."""
    return f"要用 wecom.{part}，必须填写 wecom.{part}_secret 或 wecom.{part}_secret_file"


def robot_address(group: str, start: str) -> str:
    """Say that the address of a group's robot is none, without quoting it."""
    return f"「{group}」的网址不对，要是 {start} 开头、后面是机器人的 key"


def not_toml(path: str, reason: str) -> str:
    """Say where the file is not TOML."""
    return f"{path} 不是正确的 TOML：{reason}"


def one_of(words: list[str]) -> str:
    """Name the words a key takes."""
    return f"只能写 {'、'.join(words)}"


def at_least(number: object) -> str:
    """Name the smallest number a key takes."""
    return f"不能小于 {number}"


def at_most(number: object) -> str:
    """Name the largest number a key takes."""
    return f"不能大于 {number}"
