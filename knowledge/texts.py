"""The Chinese patterns and placeholders of this package that are too few to be data."""

DIGIT = "0-9"
SPOKEN = "0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
"""Digits as written or as read aloud."""
GAP = r"[\s\-—.,、，·]{0,2}"
"""What people put between groups of digits."""

PHONE = "[电话]"
IDENTITY = "[证件号]"
CARD = "[卡号]"
MAIL = "[邮箱]"
ROOM = "[房号]"
ACCOUNT = "[账号]"
PLATE = "[车牌]"
NAME = "[姓名]"

_NOT_INSIDE = rf"(?<![{SPOKEN}])"
_NOT_INSIDE_BUT_86 = rf"(?:(?<![{SPOKEN}])|(?<=86))"
_NOT_BEFORE = rf"(?![{SPOKEN}])"
_NOT_A_ROOM = (
    rf"(?![{SPOKEN}a-z%./:：\-]|\s*(?:元|块|万|千|百|米|平|㎡|度|年|月|日|天|小时|分|秒|人|位|名|个|只|条|"
    r"斤|公斤|次|倍|户(?!主)|多|余|左右|以上|以下|路|弄|毫|分贝|房租|房价|房款|房贷))"
)
"""After a bare number that is a room: not a unit of something else."""

MASKS: tuple[tuple[str, str], ...] = (
    (MAIL, r"[a-z0-9_.+\-]{1,64}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}"),
    (
        ACCOUNT,
        r"(?:微信|威信|薇信|徽信|v信|vx|wx|wechat|weixin|加v|加我v|qq|扣扣|抖音|支付宝)"
        r"(?:号码|账号|帐号|号|id)?(?:是|为|叫|加|[:：=\s]){0,4}"
        r"(?P<hide>[a-z][a-z0-9_\-]{4,29}|[0-9]{5,12})(?![a-z0-9_])",
    ),
    (
        PLATE,
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][\s·•.\-]{0,2}"
        r"(?=[a-z0-9]{0,5}[0-9])[a-z0-9]{5,6}[挂学警港澳]?(?![a-z0-9])",
    ),
    (
        IDENTITY,
        rf"{_NOT_INSIDE}[1-9][0-9]{{5}}[\s\-]?(?:1[89]|20)[0-9]{{2}}[\s\-]?[01][0-9][\s\-]?[0-3][0-9]"
        rf"[\s\-]?[0-9]{{3}}[0-9x](?![0-9a-z])",
    ),
    (
        CARD,
        rf"{_NOT_INSIDE}[0-9]{{4}}(?P<gap>[\s\-]?)[0-9]{{4}}(?:(?P=gap)[0-9]{{4}}){{2}}"
        rf"(?:(?P=gap)[0-9]{{1,3}})?{_NOT_BEFORE}",
    ),
    (
        PHONE,
        rf"(?:(?:\+|00)?86{GAP})?{_NOT_INSIDE_BUT_86}1(?:[3-9][0-9][\s\-.]{{0,2}}[0-9]{{4}}[\s\-.]{{0,2}}[0-9]{{4}}"
        rf"|[3-9][0-9]{{2}}-[0-9]{{3}}-[0-9]{{4}}|[\s\-][3-9](?:[\s\-][0-9]){{9}}){_NOT_BEFORE}",
    ),
    (
        PHONE,
        rf"{_NOT_INSIDE}(?:[一幺壹]{GAP}[3-9三四五六七八九叁肆伍陆柒捌玖]|1{GAP}[三四五六七八九叁肆伍陆柒捌玖])"
        rf"(?:{GAP}[{SPOKEN}]){{9}}{_NOT_BEFORE}",
    ),
    (
        PHONE,
        rf"{_NOT_INSIDE}[(（]?[0零〇][1-9一二三四五六七八九幺][{SPOKEN}]{{1,2}}[)）]?[\s\-—]{{0,2}}"
        rf"[2-8二三四五六七八](?:[\s\-]?[{SPOKEN}]){{6,7}}{_NOT_BEFORE}",
    ),
    (PHONE, r"(?<![0-9\-])[5-8][0-9]{3}-(?![0-9]{2}00)[0-9]{4}(?![0-9\-]|\s*(?:年|元|块))"),
    (
        PHONE,
        rf"(?:电话|座机|固话|号码|联系方式|手机|tel|打)(?:号码|号)?(?:是|为|[:：=\s]){{0,3}}"
        rf"(?P<hide>[2-8][{SPOKEN}]{{6,7}}){_NOT_BEFORE}",
    ),
    (CARD, rf"{_NOT_INSIDE}[0-9]{{12,30}}{_NOT_BEFORE}"),
    (
        ROOM,
        rf"(?<![{SPOKEN}\-])[{SPOKEN}十a-z]{{1,3}}\s?[-—–－#/]\s?[{SPOKEN}十]{{1,2}}\s?[-—–－/]\s?"
        rf"(?P<hide>[{SPOKEN}]{{3,4}})(?![{SPOKEN}\-])",
    ),
    (
        ROOM,
        rf"(?:栋|幢|座|单元|号楼|#|[0-9]门|门洞)[\s的,，\-]{{0,2}}"
        rf"(?P<hide>[{SPOKEN}]{{3,4}}(?:号房|号室|室|号|房|户)?){_NOT_A_ROOM}",
    ),
    (
        ROOM,
        rf"{_NOT_INSIDE}(?P<hide>[a-z]?[{SPOKEN}]{{3,4}}\s?(?:号房|号室|室|房间|房号|房(?![租价款贷产子屋东])))",
    ),
    (
        ROOM,
        rf"(?:[楼层])[\s的,，]{{0,2}}(?P<hide>[{SPOKEN}十]{{1,4}}\s?(?:号房|号室|室|房间))",
    ),
    (
        ROOM,
        rf"(?:家住|住在|我住|住的是|我家在|我家是|我家|我是|房号是?|门牌号?是?|住)[\s:：,，]{{0,2}}"
        rf"(?P<hide>[{SPOKEN}]{{3,4}}){_NOT_A_ROOM}(?![的]?(?:块|元))",
    ),
    (
        ROOM,
        rf"(?<![{SPOKEN}\-])[0-9]{{1,2}}\s?[-—–－]\s?(?P<hide>[1-9][0-9]?(?:0[1-9]|1[0-9]|2[0-4]))"
        rf"(?!\d){_NOT_A_ROOM}",
    ),
)
"""Placeholder and pattern, in this order; `hide` is the part that goes, without it all of it."""

NEVER_MASKED = r"(?:400|800)[\s\-]?[0-9]{3,4}[\s\-]?[0-9]{3,4}"
"""Service lines belong to nobody in particular."""

HAS_SOMETHING = rf"[@＠{SPOKEN}]"
"""Nothing personal is written without one of these: the quick way out."""

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张曹严魏姜谢邹苏潘范彭鲁马袁唐薛贺罗郝傅余顾孟黄姚邵汪宋熊董梁杜贾郭徐邱夏蔡田胡丁邓石崔龚程邢陆刘龙叶黎赖谭廖曾肖"
_AFTER_A_NAME = r"(?=[^\u4e00-\u9fff]|$|[我你他她家住是的说在也和跟把被来去要想有])"
NAMES: tuple[str, ...] = (
    rf"(?:我叫|我名叫|名字叫|名字是|姓名是?|联系人是?|他叫|她叫|名叫)[\s:：]{{0,2}}"
    rf"(?P<hide>[{SURNAMES}][\u4e00-\u9fff]{{1,2}}?{_AFTER_A_NAME}|[{SURNAMES}][\u4e00-\u9fff]{{1,2}})",
    rf"(?P<hide>[{SURNAMES}][\u4e00-\u9fff]{{0,2}}?)"
    r"(?=先生|女士|小姐|太太|阿姨|叔叔|大爷|大妈|大姐|大哥|爷爷|奶奶|爹爹|婆婆|嫂子|师傅|老师|医生|律师|主任|书记|经理)",
    rf"(?P<hide>[{SURNAMES}](?:某某?|XX?|xx?))(?![a-z])",
)
"""What names a person: after 我叫, before a title, or half hidden already. Names that stand alone
are not found; whoever knows them (the asker's own) hides them besides."""

LEAD_INS = (
    "你好", "您好", "请问", "那个", "我想问一下", "小二", "麻烦问下", "喂", "哎", "师傅", "你好我想问一下",
    "我跟你说", "嗯那个", "这个", "不好意思", "打扰一下", "领导好", "急", "请问一下", "小二你好",
)  # fmt: skip
"""How people begin, whatever they want."""
LEAD_OUTS = (
    "谢谢", "麻烦了", "啊", "呢", "撒", "咧", "急", "谢谢了", "好吗", "可以吗", "拜托", "快点", "！", "？", "哈",
    "呀", "嘛", "请回复", "唦", "了",
)  # fmt: skip
"""How people end, whatever they want."""
HOMOPHONES = {
    "的": "得地", "得": "的", "在": "再", "再": "在", "没": "冇", "有": "友", "修": "休", "报": "抱爆", "漏": "露",
    "坏": "怀", "电": "店", "梯": "提", "灯": "登", "积": "机鸡", "分": "份", "换": "还", "班": "般搬", "消": "销",
    "取": "去", "名": "明", "工": "公", "单": "担", "催": "崔", "诉": "速", "物": "雾", "业": "叶", "费": "废",
    "投": "头", "租": "组", "停": "亭", "车": "扯", "位": "为", "借": "界", "帮": "邦", "建": "见", "议": "意",
    "志": "自", "愿": "院", "找": "照", "水": "谁", "楼": "搂", "他": "她", "她": "他", "么": "吗", "吗": "嘛",
    "做": "作", "道": "到", "到": "道", "里": "理", "是": "事", "事": "是", "请": "清", "问": "文", "什": "甚",
}  # fmt: skip
"""Characters that dictation and quick typing put for one another."""

MARKS = r"[,;、。:：…~\-—\n\r()\[\]【】「」『』“”\"《》|/]+|\.(?![0-9])"
"""What ends a clause."""
HAPPENED = "了啦哒咯"
"""Particles by which something has happened."""
