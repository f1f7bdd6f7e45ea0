"""Names that nobody bears: a family name, then a plant and a part of it."""

from __future__ import annotations

from random import Random

FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦昌马苗"
PLANTS = "稻麦豆松柏杏桃李梅兰菊荷莲桂枫柳榆槐竹茶桑棉麻葵藤蕨芦苇枣梨橘柚椿楠樟杉桐桦"
PARTS = "芽叶花穗籽根枝苗果藤丛林园圃田圩畦露香荫"
TOWNS = ("甲子", "乙丑", "丙寅", "丁卯", "戊辰", "己巳", "庚午", "辛未", "壬申", "癸酉", "甲戌", "乙亥")


def person(random: Random) -> str:
    """A name of three characters, evidently made up."""
    return random.choice(FAMILY) + random.choice(PLANTS) + random.choice(PARTS)


def identity(birth: str, order: int, female: bool, area: str) -> str:
    """An identity number of an area that does not exist: `area`, birth date YYYYMMDD, order (odd: male) and check digit (GB 11643-1999)."""
    serial = (order * 2 + (0 if female else 1)) % 1000
    body = f"{area}{birth}{serial:03d}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
