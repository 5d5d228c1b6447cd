"""A street as the tables of an office describe it, and their import."""

from pathlib import Path

from bot.importing.reading import read
from bot.importing.writing import Report, Writer
from storage.store import Store

Tables = dict[str, str]
STREET: Tables = {
    "communities": "name\n建港\n红建\n",
    "estates": "community,name\n建港,芳草苑小区\n",
    "buildings": "estate,name,units,lifts\n芳草苑小区,3栋,2,2\n芳草苑小区,5栋,2,0\n",
    "people": (
        "name,community,estate,building,unit,room,phone\n"
        "居民甲,,芳草苑小区,3栋,2单元,1201,13800000000\n"
        "李强,,芳草苑小区,3栋,,,\n"
        "李强,,芳草苑小区,5栋,,,\n"
        "街道甲,,,,,,\n"
    ),
    "teams": "name,community\n红小二,红建\n",
    "groups": "name,kind,community\n建港社区工作群,社区工作群,建港\n",
    "roles": (
        "person,role,scope_kind,scope,title\n"
        "居民甲,网格员,社区,建港,建港社区网格员\n"
        "街道甲,street,street,,\n"
    ),
    "members": "group,person\n建港社区工作群,居民甲\n",
    "team_members": "team,person\n红小二,李强@芳草苑小区/5栋\n",
    "shifts": (
        "title,community,place,date,in_days,from,until,places\n"
        "文明值守,红建,红建路,2026-12-01,,08:00,10:00,2\n"
        "夜间巡逻,,,,7,19:00,21:00,4\n"
    ),
    "gifts": "name,price,stock\n香囊,20,1\n",
    "offices": (
        "name,also,community,address,phone,days,opens,closes,note,updated_on\n"
        "建港社区居委会,居委会 社区,建港,,027-00000001,工作日,08:30,17:30,,2026-11-20\n"
    ),
    "services": "name,also,place,bring,note,updated_on\n居住证明,,社区居委会,身份证,,2026-11-20\n",
    "outages": (
        "utility,places,date,in_days,from,until_date,until,reason,source,published_on\n"
        "水,芳草苑小区、红建社区,,1,08:00,,12:00,水管检修,示例供水公司,2026-11-20\n"
        "电,全街道,2026-12-01,,22:00,2026-12-02,06:00,线路检修,示例供电公司,\n"
    ),
    "balances": "person,points\n居民甲,30\n李强@芳草苑小区/3栋,5\n街道甲,0\n",
}


def tables(folder: Path, contents: Tables, encoding: str = "utf-8") -> Path:
    """Write tables into a folder, one file each."""
    folder.mkdir(exist_ok=True)
    for name, text in contents.items():
        (folder / f"{name}.csv").write_text(text, encoding)
    return folder


async def imported(store: Store, source: Path) -> Report:
    """Read what lies there and write it into the store."""
    sheets = read(source)
    return await store.run(lambda tx: Writer(tx).write(sheets))
