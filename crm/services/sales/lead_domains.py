"""Whether an e-mail address is at a domain of its own, as those of companies are.

Only the providers that hand an address to everyone have to be known for that. The list
holds the largest of each part of the world, as most people are with one of a few. It
is in the code and not a setting, since what is learned would change with it; a
provider that is missing counts as a domain of its own, which blurs the difference a
little and makes nothing wrong.
"""

LARGEST = """
gmail.com googlemail.com icloud.com me.com mac.com aol.com proton.me pm.me
protonmail.com zoho.com mail.com gmx.at gmx.ch gmx.com gmx.de gmx.net web.de
t-online.de freenet.de posteo.de mailbox.org bluewin.ch orange.fr wanadoo.fr free.fr
sfr.fr laposte.net libero.it virgilio.it tiscali.it terra.es wp.pl o2.pl onet.pl
interia.pl seznam.cz mail.ru yandex.ru ya.ru rambler.ru ukr.net btinternet.com
comcast.net verizon.net att.net uol.com.br bol.com.br rediffmail.com naver.com
hanmail.net daum.net docomo.ne.jp qq.com foxmail.com 163.com 126.com yeah.net
sina.com sina.cn sohu.com 139.com 189.cn aliyun.com
mail.example.com post.example.net courriel.example.org correo.example.com
youxiang.example.net
"""  # the last ones are those of the demo company: names that nobody can own
PROVIDERS = frozenset(LARGEST.split())
EVERYWHERE = frozenset({"yahoo", "hotmail", "outlook", "live", "msn", "ymail"})
"""Providers with a domain in many countries, by the first word of it."""


def is_own(email: str | None) -> bool:
    """Whether there is an address, and not one that everyone can have."""
    _local, at, domain = (email or "").strip().lower().rpartition("@")
    if not at or not domain:
        return False
    return domain not in PROVIDERS and domain.partition(".")[0] not in EVERYWHERE
