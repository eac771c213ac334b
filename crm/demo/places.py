"""Where the demo company's customers live: cities, streets, postcodes, telephones.

Telephone numbers come from ranges that are kept free for fiction: Ofcom (GB),
ComReg (IE), 555-0100 to 0199 (US), Bundesnetzagentur (DE), ARCEP (FR). Spain and
China keep none; there, numbers start with a digit that no subscriber has.
Streets and postcodes are put together at random.
"""

import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from crm.demo.pools import dealt, drawn, pick, pick_from, spelt


@dataclass(frozen=True)
class Country:
    """How addresses look in one country.

    `cities` are (name, region, start of postcodes, start of telephone numbers);
    `#` in a format stands for a digit, `@` for a letter.
    """

    code: str
    share: float  # of all customers
    language: str  # a key of `crm.demo.names.LANGUAGES`
    street: str  # format of name and number
    postcode: str  # what follows its start
    phone: str  # what follows its start
    extension: str  # before a contact's own number
    legal: str  # legal forms of companies; `_` for a space, `-` for none
    cities: tuple[tuple[str, str, str, str], ...]
    streets: str


COUNTRIES = (
    Country(
        "DE", 0.32, "de", "{name} {number}", "##", " ###", "-",
        "_GmbH _GmbH _GmbH _AG _GmbH_&_Co._KG _KG",
        (
            ("Berlin", "Berlin", "101", "+49 30 23125"),
            ("Hamburg", "Hamburg", "203", "+49 40 66969"),
            ("München", "Bayern", "803", "+49 89 99998"),
            ("Köln", "Nordrhein-Westfalen", "506", "+49 221 4710"),
            ("Frankfurt am Main", "Hessen", "603", "+49 69 90009"),
        ),
        "Lindenstraße Gartenstraße Bahnhofstraße Mühlenweg Schulstraße Ringstraße "
        "Ahornweg Birkenallee Marktstraße Rosenweg Uferstraße Bergstraße Kirchgasse "
        "Hafenstraße Wiesenweg Kastanienallee Feldstraße Brunnenweg",
    ),
    Country(
        "GB", 0.21, "en", "{number} {name}", "# #@@", "###", " ext. ",
        "_Ltd _Ltd _LLP _Group - -",
        (
            ("London", "Greater London", "SE", "+44 20 7946 0"),
            ("Leeds", "West Yorkshire", "LS", "+44 113 496 0"),
            ("Bristol", "Bristol", "BS", "+44 117 496 0"),
            ("Manchester", "Greater Manchester", "M", "+44 161 496 0"),
            ("Birmingham", "West Midlands", "B", "+44 121 496 0"),
            ("Edinburgh", "Scotland", "EH", "+44 131 496 0"),
            ("Cardiff", "Wales", "CF", "+44 29 2018 0"),
        ),
        "Mill_Lane Station_Road Church_Street Victoria_Road Park_Avenue Orchard_Close "
        "Bridge_Street Kings_Road Meadow_View Canal_Walk Foundry_Lane Chapel_Hill "
        "Harbour_Road Northgate Priory_Street Willow_Court",
    ),
    Country(
        "FR", 0.15, "fr", "{number} {name}", "0#", " ## ##", " poste ",
        "_SARL _SARL _SAS _SAS _SA -",
        (
            ("Paris", "Île-de-France", "750", "+33 1 99 00"),
            ("Lyon", "Auvergne-Rhône-Alpes", "690", "+33 4 65 71"),
            ("Marseille", "Provence-Alpes-Côte d’Azur", "130", "+33 4 65 71"),
            ("Lille", "Hauts-de-France", "590", "+33 3 53 01"),
            ("Nantes", "Pays de la Loire", "440", "+33 2 61 91"),
            ("Toulouse", "Occitanie", "310", "+33 5 36 49"),
        ),
        "rue_des_Tilleuls rue_de_la_Gare avenue_des_Platanes rue_du_Moulin "
        "rue_des_Écoles boulevard_du_Parc rue_de_l’Église place_du_Marché "
        "rue_des_Lilas chemin_du_Lavoir rue_du_Port allée_des_Cèdres rue_Neuve",
    ),
    Country(
        "ES", 0.11, "es", "{name}, {number}", "##", " ## ## ##", " ext. ",
        "_S.L. _S.L. _S.L. _S.A. -",
        (
            ("Madrid", "Comunidad de Madrid", "280", "+34 491"),
            ("Barcelona", "Cataluña", "080", "+34 493"),
            ("Valencia", "Comunidad Valenciana", "460", "+34 496"),
            ("Sevilla", "Andalucía", "410", "+34 495"),
            ("Bilbao", "País Vasco", "480", "+34 494"),
        ),
        "Calle_del_Olmo Calle_Mayor Avenida_del_Puerto Calle_de_la_Fuente "
        "Calle_de_los_Naranjos Plaza_del_Mercado Calle_del_Molino Paseo_del_Río "
        "Calle_Nueva Calle_de_la_Rosa Avenida_de_la_Estación Calle_del_Horno",
    ),
    Country(
        "US", 0.1, "en", "{number}0 {name}", "##", "-01##", " ext. ",
        "_Inc. _Inc. _LLC _Co. -",
        (
            ("New York", "NY", "100", "+1 212-555"),
            ("Chicago", "IL", "606", "+1 312-555"),
            ("Boston", "MA", "021", "+1 617-555"),
            ("Austin", "TX", "787", "+1 512-555"),
            ("Seattle", "WA", "981", "+1 206-555"),
            ("Denver", "CO", "802", "+1 303-555"),
            ("Portland", "OR", "972", "+1 503-555"),
        ),
        "Oak_Avenue Maple_Street Lake_Drive Washington_Street Hill_Road Cedar_Lane "
        "Main_Street Pine_Street River_Road Union_Avenue Prairie_Way 2nd_Avenue",
    ),
    Country(
        "CN", 0.08, "zh", "{name}{number}号", "0#", " 0### ####", " 转 ",
        "有限公司 有限公司 有限公司 股份有限公司",
        (
            ("上海:shanghai", "上海市", "2000", "+86 21"),
            ("北京:beijing", "北京市", "1000", "+86 10"),
            ("深圳:shenzhen", "广东省", "5180", "+86 755"),
            ("杭州:hangzhou", "浙江省", "3100", "+86 571"),
            ("成都:chengdu", "四川省", "6100", "+86 28"),
        ),
        "中山路 人民路 解放路 建设路 和平路 新华路 文化路 学院路 春风路 滨江路 育才路 花园路",
    ),
    Country(
        "IE", 0.03, "en", "{number} {name}", " @@##", "# ####", " ext. ",
        "_Ltd _Ltd -",
        (
            ("Dublin", "Leinster", "D08", "+353 20 91"),
            ("Cork", "Munster", "T12", "+353 20 91"),
            ("Galway", "Connacht", "H91", "+353 20 91"),
        ),
        "Quay_Street Abbey_Road Bridge_Street Mill_Road Castle_Street Patrick_Street "
        "Harbour_View Chapel_Lane",
    ),
)  # fmt: skip
HOUSES = 60

CITIES = pd.DataFrame(
    [
        (country.code, country.language, *spelt(city), *rest, place)
        for place, country in enumerate(COUNTRIES)
        for city, *rest in country.cities
    ],
    columns=[
        "country", "language", "city", "latin", "region", "postal", "phone", "place",
    ],
)  # fmt: skip


def choose(count: int, rng: Any) -> Any:
    """Draw `count` rows of `CITIES`; the first city of a country is the largest."""
    shares = [
        country.share * weight / sum(weights)
        for country in COUNTRIES
        for weights in [[1 / (place + 2) for place in range(len(country.cities))]]
        for weight in weights
    ]
    return rng.choice(len(CITIES), count, p=np.array(shares) / sum(shares))


def addresses(cities: Any, rng: Any) -> pd.DataFrame:
    """Draw an address and a telephone number in each of `cities`.

    A number comes twice only where all of its range are in use.

    Returns:
        `street`, `postal_code`, `city`, `region`, `country`, `phone`.
    """
    text = {column: pick(CITIES[column], cities) for column in CITIES.columns[:-1]}
    place = CITIES["place"].to_numpy()[cities]
    postcodes = [fillings(country.postcode, rng) for country in COUNTRIES]
    return pd.DataFrame(
        {
            "street": drawn([streets(country) for country in COUNTRIES], place, rng),
            "postal_code": text["postal"] + drawn(postcodes, place, rng),
            "city": text["city"],
            "region": text["region"],
            "country": text["country"],
            "phone": text["phone"] + endings(cities, place, rng),
        }
    )


def endings(cities: Any, place: Any, rng: Any) -> pd.Series:
    """What follows the start of the telephone numbers."""
    ready = [fillings(country.phone, rng) for country in COUNTRIES]
    start, names = pd.factorize(CITIES["phone"])
    size = [
        len(ready[CITIES["place"][list(start).index(n)]]) for n in range(len(names))
    ]
    turn, _ = dealt(size, start[cities], rng)
    return pick_from(ready, place, turn)


def fillings(form: str, rng: Any) -> list[str]:
    """Up to 10,000 different texts of `form`: a digit for `#`, a letter for `@`."""
    choices = [{"#": "0123456789", "@": "ABDEFGHJLNPQRSTUWXYZ"}.get(c, c) for c in form]
    count = math.prod(len(choice) for choice in choices)
    chosen = np.sort(rng.choice(count, min(count, 10_000), replace=False))
    texts = []
    for number in chosen.tolist():
        letters = []
        for choice in reversed(choices):
            number, place = divmod(number, len(choice))  # noqa: PLW2901
            letters.append(choice[place])
        texts.append("".join(reversed(letters)))
    return texts


def streets(country: Country) -> list[str]:
    """All addresses within a city."""
    names = [name.replace("_", " ") for name in country.streets.split()]
    numbers = range(1, HOUSES + 1)
    return [country.street.format(name=n, number=k) for n, k in product(names, numbers)]
