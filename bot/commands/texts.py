"""What the command line says: its help, its results and its complaints."""

HELP = "小二：一条街的居民服务助手。不带设置运行 xiaoer run，就是一条演示的街。"
RUN = "启动小二：网页、Telegram（配置了才有）、提醒和派送。"
CHECK = "检查配置、数据目录、数据库和知识库，有问题就说哪里不对。"
MIGRATE = "把数据库升级到这个版本的程序所需的样子。"
IMPORT = "导入社区、小区、人员、班次、礼品等表（CSV 或 XLSX），全部成功才算数。"
CHAT = "在终端里和小二说话。"
ASK = "问一个问题，打印答案和法条；--jsonl 从标准输入逐行读。不打开数据库。"
EVAL = "用标注过的问题测小二答得怎样，打印表格；--html 另写一份带原话的报告。"
SCRIPT = "按剧本演一段对话，时钟由剧本拨动。"
ADMIN = "管理：生成第一位管理员的口令。"
INVITE = "生成一次性口令，谁用谁成为第一位管理员；24 小时内有效，只能用一次。"
LAW = "法条：载入街道自己的法条文本，和答复核对时的版本比较。"
LAW_IMPORT = (
    "载入法条（Markdown 或 JSONL 的文件、目录）；法条变了，依据它的答复自动暂停。全部成功才算数。"
)
LAW_SOURCES = "法条文件，或放着法条文件的目录，可以写多个。"
KNOWLEDGE = "知识库：检查条目、重新训练。"
KNOWLEDGE_CHECK = "检查每条答复：格式、法条都认得且有效、数字出自法条、该说的都说到、没有过期。"
KNOWLEDGE_TRAIN = "用仓库里的问法重新训练：匹配、意图、报警。几分钟。"
WECHAT = "微信公众号：查看、设置菜单。"
WECHAT_MENU = "打印聊天窗口下面的菜单；--push 设到微信上。菜单里的事都能直接说。"
PUSH_OPTION = "把菜单设到微信公众平台（会盖掉原来的自定义菜单）。"
MENU_HOW = "加上 --push 就设到微信上。"
MENU_PUSHED = "菜单已设好。手机上约 5 分钟后更新，取消关注再关注可以马上看到。"
MENU_NEEDS_ACCOUNT = "要先在配置里填写 wechat.app_id 和 wechat.secret（或 secret_file）。"

CONFIG_OPTION = "配置文件；不写就用当前目录的 config.toml，没有就用演示设置。"
DATA_OPTION = "数据目录：数据库、照片和日志文件放在这里。"
WORKERS = "几个进程一起服务，只有用 PostgreSQL 时才可以大于 1。"
WORKERS_NEED_POSTGRESQL = (
    "--workers 大于 1 要用 PostgreSQL：SQLite 一次只让一个进程写。"
    "请在 database.url 里写 PostgreSQL 的地址（旧数据用 xiaoer move 搬过去），或者不写 --workers。"
)
MOVE = "把 SQLite 里的一条街整个搬到 PostgreSQL，全部搬好才算数。"
MOVE_TO = "新数据库的地址：postgresql+psycopg://用户:密码@主机/库名，里面要是空的。"
MOVE_FROM_SQLITE = "现在用的已经不是 SQLite，没有可搬的。"
MOVE_TO_POSTGRESQL = "--to 要写成 postgresql+psycopg://用户:密码@主机/库名。"
MOVE_NOTHING = "没有找到 SQLite 数据库 {source}，没有可搬的。"
MOVING = "搬运"
MOVED = "搬好了：{tables} 张表，{rows} 行，行数和积分账的每一环都核对过。"
MOVED_NEXT = (
    "请把配置里的 database.url 改成新地址再启动。照片和未送出的告警还在数据目录里；"
    "原来的 SQLite 文件没有动，确认无误后自行收好。"
)
MOVE_REFUSED: dict[str, str] = {
    "not_empty": "新数据库里已经有数据（表 {detail}），没有搬。请换一个空的数据库。",
    "unfit": "有一行新数据库放不下，什么都没有搬：{detail}",
    "counts": "行数对不上，什么都没有搬：{detail}",
    "ledger": "积分账对不上，什么都没有搬：{detail}",
}
TEMPLATE_OPTION = "在这个目录里生成每张表的样表。"
DRY_RUN_OPTION = "只检查，不写入。"
SOURCE_ARGUMENT = "放着 CSV 的目录，或一个 CSV、XLSX 文件。"
TEXT_ARGUMENT = "要问的话。"
JSONL_OPTION = '逐行读 {"id", "text"}，逐行打印 JSON。'
FILE_ARGUMENT = "剧本文件；- 表示标准输入。"
AT_OPTION = "开始的时间，例如 2026-11-23T09:00（北京时间）。"
CHANNEL_OPTION = "按哪个渠道的限制显示：web、telegram、wechat、terminal。"
EVAL_ARGUMENT = "JSONL 文件，每行一个标注过的问题：id、text，以及 key、entries、split、intent 等。"
HTML_OPTION = "把表格和答错的写成网页，放在这个文件里。"
JSON_OPTION = "每条消息一行 JSON。"
AS_OPTION = "演示街上以谁的身份说话，例如 居民甲。"
LAW_OPTION = "放着 statutes.jsonl 和 topics.json 的目录；没有就少查两项，并说明。"
EXTRA_OPTION = "另外的训练文字所在目录，可以写多次；文字本身不会留下，只留下学到的数。"
OUT_OPTION = "学到的数写到这个目录；不写就换掉程序里带的。"
TRAIN_LACKS = {
    "background_questions.jsonl.gz": "不知道平常话里哪些字词常见，也认不准闲聊和别的法律问题",
    "legal_text.jsonl.gz": "字词之间的远近学得差，认不准别的法律问题",
    "faq_dev.jsonl": "把握度只按自己的问法校准",
    "ood_dev.jsonl": "把握度只按自己写的闲聊和别的法律问题校准",
}
TRAIN_WITHOUT = "没有 {file}：{lack}。"
TRAIN_ALARMS = "报警"
TRAINED = "学到的数写在 {folder}。"
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

DO_GUIDE = (
    "这要看街道登记的办事地点、办事指南和停水停电通知。"
    "请在网页或私聊里问小二；没有登记的，工作人员来答您。"
)
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
IMPORT_CHANGED = "（其中 {changed} 行更新了）"
IMPORTING = "导入"
CANNOT_WRITE = "写不了 {path}：{reason}"

INVITATION = "第一位管理员的口令：{code}"
INVITATION_HOW = "请本人在私聊里对小二说「绑定 {code}」。24 小时内有效，只能用一次。"

LAW_READING = "读法条"
LAW_NO_FILES = "读不到法条：{path}。请写 .md 或 .jsonl 文件，或放着它们的目录。"
LAW_NOTHING = "没有找到可以载入的法条，什么都没有载入。"
LAW_FROZEN = "依据的法条有变化，{count} 条答复暂停，等律师核对（对小二说「待审」）："
LAW_FROZEN_LINE = "  {entry}：{title}"
LAW_WRONG = {
    "no_title": "找不到法律名称：第一个标题应是法律全名，例如「# 中华人民共和国民法典」",
    "no_articles": "没有找到法条：每条应以「第几条」开头，单独成段",
    "empty": "第 {detail} 条没有内容",
    "long": "第 {detail} 条太长，像是没有分开",
    "twice": "第 {detail} 条出现了两次，内容不同",
    "number": "条号看不懂：{detail}",
    "encoding": "不是 UTF-8 或 GBK 编码的文字",
    "form": "这一行不是法条的 JSON：{detail}",
}
LAW_LEFT_OUT = {
    "no_law": "不是法条",
    "older": "有更新的版本",
    "not_yet": "还没有施行，到施行那天再载入",
    "unreadable": "读不懂，而答复用不到这部法",
}

NOTHING_TO_IMPORT = "表里没有可以导入的行。"

CHECK_GOOD, CHECK_BAD = "正常", "有问题"
CHECK_CONFIG = "配置"
CHECK_FOLDER = "数据目录"
CHECK_DATABASE = "数据库"
CHECK_LEDGER = "积分账"
CHECK_KNOWLEDGE = "知识库"
CHECK_TELEGRAM = "Telegram"
RUNNING = "运行·{part}"
CHECK_WECHAT = "微信"
CHECK_WECOM = "企业微信"
WECOM_PARTS = {"app": "应用", "kf": "微信客服", "bot": "智能机器人", "push": "群机器人"}
WECHAT_OFF = "没有配置，不启动"
WECHAT_MODES = {"plain": "明文模式", "compatible": "兼容模式", "safe": "安全模式"}
WECHAT_PASSIVE = "没有 AppSecret，只能在居民说话时回答"
WECHAT_CALLS = "可以主动发：{means}"
WECHAT_NO_MEANS = "没有开客服消息，也没有模板，只能在居民说话时回答"
WECHAT_MEANS = {
    "customer_messages": "客服消息",
    "template_id": "模板消息",
    "subscribe_template_id": "订阅通知",
}
WECHAT_NEVER_ASKED = "还没取过 access_token"
WECHAT_SINCE = "access_token 在 {at} 取得，{until} 前有效"
WECHAT_TROUBLE = "{at} 出过错，请处理：{error}"
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
KNOWLEDGE_FAULTS = "共 {count} 处要改。"
KNOWLEDGE_UNCHECKED = "没有检查 {check}（{folder} 里没有）"
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
    "unreachable": "打不开数据库，请看数据库开着没有、database.url 里的地址和密码对不对",
    "bad_address": "database.url 写得不对",
}
STORE_UNAVAILABLE = "数据库现在写不了（{reason}），没有写入任何东西。请稍后再试。"


def law_fault(file: str, line: int, wrong: str, detail: str) -> str:
    """Say what is wrong in a file of statutes."""
    return f"  {file}，第 {line} 行：{LAW_WRONG[wrong].format(detail=detail)}"


def law_left_out(why: str, count: int, names: list[str]) -> str:
    """Say which files were not taken, and why."""
    more = "……" if count > len(names) else ""
    return f"没有用 {count} 个文件（{LAW_LEFT_OUT[why]}）：{'、'.join(names)}{more}"


def law_read(laws: int, articles: int, same: int, unknown: int) -> str:
    """Say what was read and how much of it is as it was checked."""
    return (
        f"{laws} 部法，{articles} 条：和核对时一致 {same} 条，"
        f"答复没有引用过的法里 {unknown} 条（只存不用）。"
    )


def law_changed(count: int, citations: list[str]) -> str:
    """Say which articles are other than they were checked."""
    more = "……" if count > len(citations) else ""
    return f"和核对时不一样或已废止 {count} 条：{'、'.join(citations)}{more}"


def serving(url: str) -> str:
    """Say where the page is."""
    return f"小二在 {url} 等您，用浏览器打开就能说话。按 Ctrl-C 停下。"


def move_refused(obstacle: str, detail: str) -> str:
    """Say why nothing was moved."""
    return MOVE_REFUSED[obstacle].format(detail=detail)


def with_workers(count: int) -> str:
    """Say how many processes serve."""
    return f"{count} 个进程一起服务；kill -HUP 会一个接一个地换新，不中断服务。"


def unusable(reason: str, detail: str) -> str:
    """Say why the database cannot be opened."""
    say = UNUSABLE[reason]
    return f"{say}：{detail}" if not say.endswith("。") else say


def menu_refused(reason: str) -> str:
    """Say that WeChat did not take the menu."""
    return f"微信没有接受：{reason}"
