"""The last labels of host names, as far as chat groups meet them, and how far each is to be trusted.

Written for reading chats, not a copy of the registry: every country code, the generic names people register, and the
internationalised ones. A name that is also a file extension, or a word of prose and code, needs more than itself
before we call something a link (``main.py``, ``object.name``, ``sleep well.so``): see `trust`.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Literal

VERSION = "2026-11"

Trust = Literal["sure", "fair", "wordy", "risky", "none"]


def _names(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


SURE = _names(
    """
    com net org edu gov cn hk tw jp kr sg ru ua uk eu asia biz mobi info xyz vip
    """
)
"""Trusted wherever they stand, even with a Chinese or numeric label before them: ``163.com``."""

COUNTRY = _names(
    """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv
    bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es
    et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu
    id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt
    lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no
    np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si
    sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk
    us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
    """
)

GENERIC = _names(
    """
    academy agency apartments app art asia associates attorney auction audio auto band bank bar bargains
    beauty beer best bet bid bike bingo bio biz black blog blue boats boutique build builders business
    buzz cab cafe camera camp capital cards care career careers cars casa cash casino catering center
    chat cheap church city claims cleaning click clinic clothing cloud club coach codes coffee com
    community company computer condos construction consulting contractors cooking cool coop country
    coupons courses credit cricket cruises dance date dating deals degree delivery democrat dental
    dentist desi design dev diamonds diet digital direct directory discount doctor dog domains download
    earth education email energy engineer engineering enterprises equipment estate events exchange
    expert exposed express fail faith family fan fans farm fashion film finance financial fish fishing
    fit fitness flights florist football forsale foundation fun fund furniture futbol fyi gallery game
    games garden gift gifts gives glass global gmbh gold golf graphics gratis green gripe group guide
    guitars guru hair haus health healthcare help hiphop hockey holdings holiday homes horse hospital
    host hosting house how icu immo immobilien inc industries info ink institute insurance insure
    international investments jetzt jewelry jobs kaufen kim kitchen kiwi land lat law lawyer lease legal
    lgbt life lighting limited limo link live llc loan loans lol lotto love ltd ltda luxe luxury maison
    makeup management market marketing mba media memorial men menu mobi mobile moda mom money monster
    mortgage motorcycles museum name network news ngo ninja observer one ong online ooo organic page
    paris partners parts party pet photo photography photos pics pictures pink pizza place plumbing plus
    poker porn press pro productions promo properties property pub qpon quest racing radio realty
    recipes red rehab reise reisen rent rentals repair report republican rest restaurant review reviews
    rich rip rocks rodeo run sale salon sarl school schule science security services sex sexy shiksha
    shoes shop shopping show singles site ski skin soccer social software solar solutions space sport
    spot srl storage store stream studio study style sucks supplies supply support surf surgery systems
    tattoo tax taxi team tech technology tel tennis theater tickets tips tires today tokyo tools top
    tours town toys trade trading training travel tube university uno vacations ventures vet viajes
    video villas vin vip vision vodka vote voyage wang watch webcam website wedding wiki win wine work
    works world wtf xin xxx xyz yoga zip zone mov aero cat jobs post edu gov int mil net org arpa onion
    """
)

INTERNATIONAL = _names(
    """
    中国 中國 公司 网络 網絡 网址 网站 在线 商城 商店 商标 移动 中文网 集团 我爱你 信息 游戏 娱乐
    公益 政务 餐厅 时尚 手机 购物 企业 健康 香港 台湾 台灣 澳門 澳门 新加坡 佛山 广东 八卦 世界
    大拿 机构 组织机构 网店 通販 みんな コム 닷컴 닷넷 한국 рф укр бел бг срб мон қаз рус онлайн
    сайт дети орг ком ею ευ ελ भारत संगठन ไทย السعودية امارات مصر موقع شبكة ایران ישראל xn--fiqs8s
    xn--fiqz9s xn-- 55qx5d xn--io0a7i xn--p1ai xn--j6w193g xn--kprw13d xn--kpry57d xn--3ds443g
    xn--3bst00m xn-- 6qq986b3xl xn--ses554g xn--czru2d xn--czr694b xn--nqv7f xn--80asehdb
    xn--80aswg xn--j1amh xn--90ais xn--3e0b707e xn--q9jyb4c xn--mgberp4a5d4ar xn--mgbaam7a8h
    xn--wgbh1c xn--h2brj9c xn--o3cw4h
    """
)

RISKY = _names(
    """
    py md sh pl rs so ps mm vi ml pm am as at be by do id im in is it la li ma me mu my no re st to us
    ms ws mk bz ac al ar br cd hm hr ne om pa pt eg sc se si sm sv tc td tf th tr tt va vc ve ad mt
    mv ls ss ga gs nr cab mov zip post cat how one men tel
    """
)
"""Also file extensions, abbreviations and short words: a link only with a scheme, ``www.`` or a path."""

WORDY = _names(
    """
    app arpa audio auto band bank bar beauty beer best bid bike bio black blue boats build builders business
    buzz camera camp capital cards care career careers cars cash center chat cheap city click clothing coach
    codes coffee community company computer cooking cool country courses credit dance date dating deals degree
    delivery dental dentist design diet digital direct directory discount doctor dog domains download earth
    education email energy engineer engineering equipment estate events exchange expert exposed express fail
    faith family fan fans farm fashion film finance financial fish fit fitness football foundation fund
    furniture fyi gallery game games garden gift gifts gives glass global gold golf graphics gratis green gripe
    group guide guru hair health healthcare help holiday homes horse hospital host hosting house inc ink int
    international investments kitchen land lat law lawyer legal life limited limo link lol love management
    market media menu mobile money monster museum name network ninja observer page parts party pet photo photos
    pics pictures pink place plus press productions promo properties property pub quest racing radio recipes red
    rent rentals repair report rest restaurant review reviews rich rip rocks run sale school science security
    services sex show singles ski skin social software solar solutions space sport spot storage stream studio
    study style sucks support surgery systems tattoo tax taxi team today tools tours town toys trade trading
    training tube uno vacations video vision vote watch wedding win wine work works world wtf xxx yoga zone
    """
)
"""Also words of prose and code: a link when the name has a hyphen or two digits, or with what a risky one needs."""

WELL_KNOWN = _names(
    """
    t.co t.cn g.co j.mp v.gd x.com t.me wa.me fb.me about.me join.me strawpoll.me youtu.be redd.it repl.it gitter.im
    matrix.to discord.gg placehold.it git.io telegram.me vk.me m.me line.me zalo.me signal.me paypal.me wp.me dev.to
    notion.so hex.pm pin.it amzn.to ift.tt spoti.fi nyti.ms famo.us rabb.it blab.im icio.us
    """
)
"""Hosts that are short, or end in a word or a file extension, and are links all the same."""

SUFFIXES = frozenset(
    f"{second}.{country}"
    for country, seconds in {
        "cn": (
            "com net org gov edu ac mil bj sh tj cq he sx nm ln jl hl js zj ah fj jx sd ha hb hn gd gx hi sc "
            "gz yn xz sn gs qh nx xj tw hk mo"
        ),
        "hk": "com net org gov edu idv",
        "tw": "com net org gov edu idv game ebiz club",
        "mo": "com net org gov edu",
        "uk": "co org me ltd plc net sch ac gov nhs police",
        "jp": "co or ne ac ad ed go gr lg",
        "kr": "co or ne re pe go mil ac hs ms es sc kg",
        "au": "com net org edu gov asn id",
        "nz": "co net org ac govt geek",
        "br": "com net org gov edu",
        "in": "co net org gov ac edu res firm gen ind nic",
        "sg": "com net org gov edu per",
        "my": "com net org gov edu mil name",
        "th": "co in ac go or net mi",
        "id": "co or ac go net web sch my biz desa",
        "ph": "com net org gov edu",
        "vn": "com net org gov edu",
        "tr": "com net org gov edu bel web gen",
        "za": "co org net gov ac web",
        "il": "co org net ac gov muni",
        "mx": "com net org gob edu",
        "ar": "com net org gob edu",
        "co": "com net org gov edu",
        "ua": "com net org gov edu",
        "ru": "com net org pp msk spb",
        "pl": "com net org gov edu",
        "es": "com org nom gob edu",
        "pk": "com net org gov edu",
        "bd": "com net org gov edu",
        "lk": "com org net gov ac",
        "ng": "com org net gov edu",
        "ke": "co or ne go ac",
        "eg": "com net org gov edu",
        "sa": "com net org gov edu",
        "ae": "co net org gov ac",
        "at": "co or ac gv",
        "hu": "co org",
        "pt": "com org edu gov",
        "gr": "com net org edu gov",
        "pe": "com net org gob edu",
        "ve": "com co net org",
        "kh": "com net org edu gov",
        "mm": "com net org edu gov",
        "np": "com net org edu gov",
    }.items()
    for second in seconds.split()
)
"""Names of two labels under which anybody registers: of ``a.b.co.uk`` the domain is ``b.co.uk``."""

KNOWN = COUNTRY | GENERIC | INTERNATIONAL


def trust(tld: str) -> Trust:
    """How far a bare host under *tld* (lower case) can be taken for a link.

    ``sure``: always. ``fair``: when the label before looks like a name. ``wordy``: when that has a hyphen or two
    digits. ``risky``: never by itself. ``none``: there is no such name.
    """
    if tld in SURE or tld in INTERNATIONAL:
        return "sure"
    if tld in RISKY:
        return "risky"
    if tld in WORDY:
        return "wordy"
    return "fair" if tld in KNOWN else "none"


@cache
def digest() -> str:
    """A digest of the lists, for the reader's digest in a rulebook."""
    lists = (SURE, COUNTRY, GENERIC, INTERNATIONAL, RISKY, WORDY, WELL_KNOWN, SUFFIXES)
    return blake2b(repr([sorted(names) for names in lists]).encode(), digest_size=8).hexdigest()
