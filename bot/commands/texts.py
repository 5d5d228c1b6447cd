"""What the command line says: its help, its results and its complaints."""

HELP = "小二：一条街的居民服务助手。不带设置运行 xiaoer run，就是一条演示的街。"
RUN = "启动小二：网页、Telegram（配置了才有）、提醒和派送。"
CHECK = "检查配置、数据目录、数据库和知识库，有问题就说哪里不对。"
MIGRATE = "把数据库升级到这个版本的程序所需的样子。"
IMPORT = "导入社区、小区、人员、班次、礼品等表（CSV 或 XLSX），全部成功才算数。"
CHAT = "在终端里和小二说话。"
ASK = "问一个问题，打印答案和法条；--jsonl 从标准输入逐行读。不打开数据库。"
SCRIPT = "按剧本演一段对话，时钟由剧本拨动。"
ADMIN = "管理：生成第一位管理员的口令。"
INVITE = "生成一次性口令，谁用谁成为第一位管理员；24 小时内有效，只能用一次。"
KNOWLEDGE = "知识库：检查条目、重新训练。"
KNOWLEDGE_CHECK = "检查每条答复：法条都认得，没有过期。"
KNOWLEDGE_TRAIN = "用仓库里的问法重新训练匹配模型。"

CONFIG_OPTION = "配置文件；不写就用当前目录的 config.toml，没有就用演示设置。"
DATA_OPTION = "数据目录：数据库、照片和日志文件放在这里。"
TEMPLATE_OPTION = "在这个目录里生成每张表的样表。"
DRY_RUN_OPTION = "只检查，不写入。"
SOURCE_ARGUMENT = "放着 CSV 的目录，或一个 CSV、XLSX 文件。"
TEXT_ARGUMENT = "要问的话。"
JSONL_OPTION = '逐行读 {"id", "text"}，逐行打印 JSON。'
FILE_ARGUMENT = "剧本文件；- 表示标准输入。"
AT_OPTION = "开始的时间，例如 2026-11-23T09:00（北京时间）。"
CHANNEL_OPTION = "按哪个渠道的限制显示：web、telegram、wechat、terminal。"
JSON_OPTION = "每条消息一行 JSON。"
AS_OPTION = "演示街上以谁的身份说话，例如 居民甲。"
EXTRA_OPTION = "另外的训练文字所在目录，可以写多次。"
SCRIPT_DATA_OPTION = "用这个数据目录接着演；不写就用全新的演示街。"

DEMO_RUNNING = "演示的街：人和地方都是编的。网页上可以选以谁的身份说话。"
STOPPING = "正在停下，请稍等……"
STOPPED = "小二已停下。"

ASK_WHAT = "请把要问的话写在后面，例如：xiaoer ask 楼上漏水谁来修"
ASK_BAD_JSON = "这一行不是 JSON：{reason}"
ASK_NOT_UTF8 = "这一行不是 UTF-8"
ASK_NO_OBJECT = "这一行要是一个 JSON 对象"
ASK_NO_TEXT = "缺少文字 text"
ASK_FAILED = "这一条没有答成：{reason}"

DO_REPAIR = "这像是报修。在网页、群或私聊里对小二说，它会帮您登记派单。"
DO_STATUS = "在网页或私聊里说「我的报修」，就能看到办到哪一步了。"
DO_URGE = "在网页或私聊里说「催一下」，小二会提醒办的人。"
DO_BALANCE = "在网页或私聊里说「我的积分」。"
DO_REDEEM = "在网页或私聊里说「积分能换什么」。"
DO_SHIFTS = "在网页或私聊里说「有什么班」。"
DO_SIGN_UP = "在网页或私聊里说「报名」加班次名字。"
DO_CANCEL = "在网页或私聊里说「取消报名」。"
DO_HUMAN = "在网页或私聊里回复 9，工作人员会来接着帮您。"
DO_AID = "邻里互助的事，请对小二说「人工」，由社区来牵线。"
DO_PROPOSAL = "您的建议请对小二说「人工」，由社区记下来。"
DO_GREETING = "您好，我是小二（自动助手）。可以问物业、邻里的规定，也可以报修。"
DO_OTHER = "这个我没有把握，不敢乱说。"

TEMPLATES_WRITTEN = "已在 {folder} 生成 {count} 张样表。填好后运行：xiaoer import {folder}"
TEMPLATE_EXISTS = "{path} 已经有了，没有覆盖。请换一个空目录。"
IMPORT_WHAT = "请写要导入的目录或文件，或用 --template 目录 生成样表。"
IMPORT_FAILED = "有 {count} 处要改，什么都没有导入："
IMPORTED = "导入完成。"
DRY_RUN_GOOD = "检查通过，没有写入。"
IMPORT_LINE = "  {label}：新增 {added}，已有 {there}"
IMPORTING = "导入"
CANNOT_WRITE = "写不了 {path}：{reason}"

INVITATION = "第一位管理员的口令：{code}"
INVITATION_HOW = "请本人在私聊里对小二说「绑定 {code}」。24 小时内有效，只能用一次。"

NOTHING_TO_IMPORT = "表里没有可以导入的行。"

CHECK_GOOD, CHECK_BAD = "正常", "有问题"
CHECK_CONFIG = "配置"
CHECK_FOLDER = "数据目录"
CHECK_DATABASE = "数据库"
CHECK_LEDGER = "积分账"
CHECK_KNOWLEDGE = "知识库"
CHECK_TELEGRAM = "Telegram"
RUNNING = "运行·{part}"
DEMO_SETTINGS = "演示设置"
REAL_SETTINGS = "正式设置"
FOLDER_NEW = "{folder} 还没有，启动时会建"
FOLDER_THERE = "{folder} 可以读写"
FOLDER_READ_ONLY = "{folder} 不能写"
DATABASE_NEW = "还没有，启动时会建"
DATABASE_CURRENT = "版本 {revision}，是最新的"
DATABASE_OLD = "版本 {revision}，比程序旧，请运行 xiaoer migrate（启动时也会自动升级）"
LEDGER_GOOD = "账是平的"
LEDGER_FAULTS = "有 {count} 处对不上：{first}"
KNOWLEDGE_GOOD = "{count} 条答复，{articles} 条法条"
KNOWLEDGE_UNKNOWN = "「{entry}」引用了认不出的法条：{citation}"
KNOWLEDGE_EXPIRED = "「{entry}」{day} 已过期"
TELEGRAM_OFF = "没有配置，不启动"
TELEGRAM_ON = "已配置，{mode} 方式"
ALL_GOOD = "都正常。"

MIGRATED = "数据库已升级：{before} → {after}"
MIGRATED_ALREADY = "数据库已经是最新的：{after}"
EMPTY_DATABASE = "空"

UNUSABLE: dict[str, str] = {
    "newer": "数据库比这个程序新，请换上较新的程序。数据没有动过。",
    "locked": "数据库正被别的程序占着（备份？），请稍后再试。",
    "no_database": "这个文件不是数据库，或者已经损坏。请用备份恢复，见 docs/operating.md。",
    "unreachable": "打不开数据库",
    "bad_address": "database.url 写得不对",
}
STORE_UNAVAILABLE = "数据库现在写不了（{reason}），没有写入任何东西。请稍后再试。"


def serving(url: str) -> str:
    """Say where the page is."""
    return f"小二在 {url} 等您，用浏览器打开就能说话。按 Ctrl-C 停下。"


def unusable(reason: str, detail: str) -> str:
    """Say why the database cannot be opened."""
    say = UNUSABLE[reason]
    return f"{say}：{detail}" if not say.endswith("。") else say
