"""A present danger is heard in whatever words; talk of dangers, places and names is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.emergency import EmergencyKind, find_emergency
from tests.reading_data import emergencies_apart

APART = emergencies_apart()

# fmt: off
ALARMS = [
    "着火了", "厨房冒烟了", "屋里一股煤气味", "闻到煤气味头晕", "电梯里困住了", "我被关电梯里了",
    "老人摔倒流血了", "我妈晕倒了叫不醒", "有人拿刀砍人", "小偷进屋了", "不想活了", "我想跳楼",
    "撞车了", "触电了", "孩子掉水里了", "救命", "爹爹倒在地上冇得反应", "電梯困人", "火灾",
    "我爸喘不上气", "有人打架流血了", "家里进贼了", "楼下着火啦快来人", "燃气泄漏", "煤气漏了",
    "自来水管爆了", "救命啊有人吗", "有人要跳楼", "老头子胸口痛喘不过气", "煤气灶着了火",
    "楼道里好大烟", "有人翻窗户进来了", "被车撞了", "电动车着了", "电线冒火花",
    "电梯里有人困住了！", "排气扇烧出明火了咋搞", "门缝往里头灌烟，门把手都是烫的",
    "排插丢在水凼里给车充电，踩一脚麻半边", "我把一瓶安眠药都吃了", "湖里有人在扑腾，沉下去了",
    "地下车库有台新能源车底盘在冒烟", "伢卡了颗花生米，脸憋紫了", "冲凉的时候喷头出来的水有电",
    "四岁的姑娘在菜场一转眼不见了", "爷爷去买早点，现在天黑了都没见人，他记性不好",
]

CALM = [
    "我家孙子", "孙子", "救命恩人", "2栋2单元", "5栋1单元", "六栋一单元", "2栋门口", "三楼", "人",
    "改2", "你好", "我的积分", "漏水", "3栋", "居民乙", "小区门口", "确认", "红建花园", "13栋",
    "怎么预防煤气中毒", "电梯困人谁负责", "昨天着火了已经扑灭", "累死了", "气死我了",
    "消防演习几点", "路灯不亮", "有什么班", "楼上太吵了受不了", "狗咬人了怎么赔", "谢谢",
    "着火了物业要赔吗", "灭火器过期了", "烟感报警器坏了", "燃气公司电话多少", "楼道堆杂物怕着火",
    "帮帮忙看下积分", "孩子在家", "老人一个人在家想找人陪聊", "楼下吵架", "邻居家狗叫",
    "物业打人怎么处理", "我爷爷八十了", "电梯里有味道", "厨房水管滴水", "空调外机响",
    "不是燃气味", "没有着火", "取消报名", "接单", "办结", "交还", "积分能换什么",
    "天上吊着排插充车", "天花板上吊着个黑疙瘩", "我在电梯里的丑态录像被转疯了",
    "背上背下摔过两回，全楼卡住不签字", "挂在窗台的腊肉架子掉下去砸到人咋办", "电瓶炸了找厂家",
    "社区食堂油烟呛死人", "救护车的费用医保报不报", "我爸中风后偏瘫，残疾证怎么办",
    "交通事故对方全责不肯赔怎么搞", "骗子冒充我儿子说出车祸要打钱",
    "触电了应该先做什么，写黑板报用", "签 fee-dissatisfied",
]

FIGURES = [
    "我老婆要炸了", "我要气炸了", "我肺都要气炸了", "我妈要炸了你们还不来", "吵得我头要炸了",
    "脑壳要炸了", "整栋楼都炸了锅", "我心态炸了", "我火大得很", "这事火烧眉毛了", "急死人了",
    "我不想说", "我不想说话", "地下车库出入口被车挡住了", "血压都上来了", "我要原地爆炸了",
    "要死人了才修吗", "非要等出人命才管", "你们是抢钱啊", "物业费像抢钱", "气得我吐血", "火冒三丈",
    "救救我的钱包", "二手烟呛死人了", "蚊子咬死人了",
]
"""Figures of speech: nobody is in danger."""

NO_FIGURES = [
    "煤气罐要炸了", "电瓶炸了", "有人被炸了", "工人被炸伤了", "有人要炸楼", "整栋楼炸了",
    "厨房要炸了", "煤气炸了", "我老婆要跳楼了", "我老婆要生了", "急死人了老人不见了",
    "我不想说了我想死", "我不想说话，活着没意思", "再不来就出人命了", "要死人了快来", "有人抢钱",
    "呛死人了好大烟", "火大得很快来人", "我要气炸了，电梯里有人出不来",
    "出口被堵了，里面着火出不来", "火烧到眉毛了", "爹爹血压上来了人晕了",
]
"""A present danger in words that a figure of speech has too."""

STORIES = [
    "我是二栋的住户刚才下楼买菜看到三楼的老爹爹坐在楼梯口脸色发白讲不出话来嘴巴也歪了我叫他他也不答应"
    "家里人都不在现在就我一个人在旁边不晓得该怎么办你们快点派人来看看",
    "小二你好打扰一下我们这栋楼的配电箱刚刚噼里啪啦响了一阵，现在开始冒黑烟了，楼道里全是糊味，"
    "楼上的老人都还没下来，物业电话打了三个没人接，请问现在找哪个",
    "我在电梯里面已经二十分钟了，按铃没人应，手机只剩百分之十的电，这部电梯上个月就修过说没问题，"
    "结果现在卡在五楼和六楼中间，灯也灭了，我有点怕",
    "我孙女放学回来在小区喷水池边上玩掉到水里面去了刚捞上来现在没有反应嘴巴乌的社区有没有医生在",
    "活着真的没意思了，老伴走了半年，我一个人守着这个空房子，今天把存折都整理好放在桌子上了，"
    "你们以后不用再惦记我了，谢谢小二一直陪我说话",
    "着火了！" + "今天物业又来催费，" * 8,
    "小二我跟你说我住五楼，晚上九点多下楼丢垃圾，走到四楼就闻到一股糊味，越往下越呛，三楼那家门缝"
    "底下往外窜烟，敲门没得人应，他家平时有个瘫痪的老太太在屋里",
    "我们几个在广场跳舞，跳着跳着张嫂就往下一瘫，手里的扇子也掉了，喊她不答应，嘴角流口水，旁边人"
    "说不能动她，你们社区有没有医生，打电话好半天占线",
    "我是租住在八栋的，隔壁夫妻俩经常吵，今天不一样，女的先是尖叫后来没声音了，男的还在砸东西，我"
    "听到小孩哭着喊莫打妈妈，我一个女的不敢过去",
    "我妈今年七十六，一个人住在你们小区六栋，我在深圳上班，从昨天下午开始打电话就没人接，请她楼上"
    "的邻居去敲门，里头电视开着就是没人答应，我想请你们派人去看一下",
    "厨房里一直有股味道我还以为是垃圾，今天早上起来孩子说头昏，老公也说恶心，我去灶台那里听到呲呲"
    "的声音，阀门关了还是响，现在我们站在楼道里不敢进去",
    "带外孙在湖边喂鱼，他去捡球，脚一滑就下去了，旁边一个小伙子跳下去捞，现在两个人都在水里扒着石"
    "头上不来，岸太高我够不着",
    "我老公赌博输了钱，回来就发酒疯，把门反锁了，拿着菜刀说要跟我同归于尽，我带着孩子躲在卫生间用"
    "手机给你们发消息，不敢出声",
    "晚上下班回来坐电梯，到六楼突然晃了一下灯就灭了，门扒开一看是墙，跟我一起的还有个孕妇，她说喘"
    "不上气，按了铃那头没人说话",
    "我知道说这些没用，房子没了，老婆也走了，欠的钱一辈子还不清，我现在坐在楼顶上吹风，想来想去还"
    "是跳下去最干净，跟社区的同志说声谢谢",
    "下着大雨，地下通道的水一下子涨起来，我的车熄火了，车门推不开，水已经漫到座椅上头了，我爸在后"
    "排有心脏病，你们快想办法",
    "刚装修好的房子，今天洗澡的时候手碰到花洒一麻，我以为是错觉，老公进去试了一下人就弹到墙上坐地"
    "上了，现在说胸口闷手没知觉",
    "我家小孙女三岁半，刚才在小区滑梯那里玩，我低头回了个消息，抬头就看不到人了，喊了十几分钟，穿"
    "的粉红色裙子，有人说看到一个女的抱着走了",
    "修外墙的师傅绳子断了一根，人吊在九楼那里晃，上面的人喊他也没法拉，风又大，你们赶紧看看找谁",
    "路口两台电动车撞了，一个老爹爹头磕在路牙子上，血流了一滩，另一个骑车的腿变形了，围了一圈人没"
    "人敢动",
]
"""A present danger in the middle of a story, or before one."""

NOBODY_ANSWERS = [
    "我妈七十八一个人住，电话打了一天没人接，敲门也不应",
    "打我奶奶电话一天不通，邻居说拍门没动静",
    "对门独居的太婆两天没下楼，电视一直响，喊她也不答应",
    "我在外地，我爸一个人在屋里，从昨天到现在不接电话，托人敲门没得人应",
    "孙子一个人在家，电话不接，敲门也不开",
]
"""Somebody alone who answers neither the telephone nor the door."""

NOBODY_IS_AWAITED = [
    "打你们窗口的电话一天没人接，几点上班",
    "房客电话不接，敲门不开，房租还欠着",
    "物业经理三天没看到人，电话也不接",
    "快递敲门没人应，电话没人接，包裹放门口了",
    "我妈一个人住，物业电话一直没人接，灯坏了找哪个",
]
"""Whoever does not answer here is no person in danger."""

THREATS = ["我要炸了物业", "你们再不管我就一把火烧了办公室", "汽油都买好了，今天就点了你们社区"]
"""Somebody says that they will burn or blow up people or a place."""

WISHES = ["恨不得炸了这个破小区", "真想一把火烧了那堆垃圾", "我要气炸了物业"]
"""Anger that announces nothing."""

COMPLAINTS = [
    "我们小区投票换了新物业，老物业就是不走，霸着监控室不交钥匙，垃圾堆得老高，夏天有老人闻着味道中暑，"
    "救护车都开不进来，请问街道到底管不管，能不能让他们马上搬",
    "对面工地半夜十一点还在浇混凝土，上个月有个骑车的被渣土车压了，泥水一路流到校门口，"
    "我爸要静养根本睡不着，夜里施工到底要不要手续，找哪个部门",
    "加装电梯的钱怎么分摊一直谈不拢，二楼嫌贵，一楼要补偿，三楼和五楼的为这个打起来了，社区说自己协商，"
    "请问法律上有没有一个标准",
    "围墙外面的空地成了垃圾场，半夜三轮车拉来黑泥倒在那里，去年夏天有人点着了烧，黑烟飘进幼儿园窗户，"
    "打了七八个电话都说不归他管，到底该谁清",
]
"""Long complaints in which a word of danger is one among many."""

# fmt: on
FIRST_NUMBER = {
    "着火了": EmergencyKind.FIRE,
    "屋里一股煤气味": EmergencyKind.GAS,
    "电梯里有人困住了！": EmergencyKind.LIFT_TRAPPED,
    "触电了": EmergencyKind.ELECTRIC_SHOCK,
    "我妈晕倒了叫不醒": EmergencyKind.MEDICAL,
    "小偷进屋了": EmergencyKind.VIOLENCE,
    "撞车了": EmergencyKind.TRAFFIC,
    "不想活了": EmergencyKind.SELF_HARM,
}


@pytest.mark.parametrize("text", ALARMS)
def test_a_present_danger_is_heard(text: str) -> None:
    assert find_emergency(text) is not None


@pytest.mark.parametrize("text", STORIES)
def test_a_present_danger_is_heard_in_a_story(text: str) -> None:
    assert find_emergency(text) is not None


@pytest.mark.parametrize("text", NOBODY_ANSWERS)
def test_somebody_alone_who_does_not_answer_is_looked_for(text: str) -> None:
    assert find_emergency(text) is EmergencyKind.RESCUE


@pytest.mark.parametrize("text", THREATS)
def test_a_threat_is_violence(text: str) -> None:
    """Not knowing who means it, the staff hear it; the police treat the words alone as an act."""
    assert find_emergency(text) is EmergencyKind.VIOLENCE


@pytest.mark.parametrize("text", NOBODY_IS_AWAITED + WISHES)
def test_an_unanswered_door_and_anger_alone_alarm_nobody(text: str) -> None:
    assert find_emergency(text) is None


def test_dangers_in_words_never_seen_are_mostly_heard() -> None:
    """Fifty and fifty sentences that no pattern was written and no model trained from."""
    dangers = [text for texts in APART.alarms.values() for text in texts]

    missed = [text for text in dangers if find_emergency(text) is None]
    false = [text for text in APART.calm if find_emergency(text) is not None]

    assert len(missed) <= len(dangers) * 0.06, missed
    assert len(false) <= len(APART.calm) * 0.12, false


@pytest.mark.parametrize("text", COMPLAINTS)
def test_a_danger_named_in_passing_alarms_nobody(text: str) -> None:
    assert find_emergency(text) is None


@pytest.mark.parametrize("text", CALM)
def test_what_is_no_danger_alarms_nobody(text: str) -> None:
    assert find_emergency(text) is None


@pytest.mark.parametrize("text", FIGURES)
def test_a_figure_of_speech_alarms_nobody(text: str) -> None:
    assert find_emergency(text) is None


@pytest.mark.parametrize("text", NO_FIGURES)
def test_a_danger_is_heard_beside_a_figure_of_speech(text: str) -> None:
    assert find_emergency(text) is not None


@pytest.mark.parametrize(("text", "kind"), FIRST_NUMBER.items())
def test_the_danger_is_told_apart(text: str, kind: EmergencyKind) -> None:
    assert find_emergency(text) is kind


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=300))
def test_nothing_anybody_writes_breaks_it(text: str) -> None:
    """Law: any text, lone surrogates and control characters too, has an answer."""
    find_emergency(text)


def test_a_very_long_message_is_read_at_both_ends() -> None:
    filler = "今天天气不错，" * 20_000

    assert find_emergency(filler + "楼下着火了快来人") is EmergencyKind.FIRE
    assert find_emergency("楼下着火了快来人。" + filler) is EmergencyKind.FIRE
