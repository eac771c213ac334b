"""Who the demo company's customers are: names, addresses, contacts, missing fields."""

from typing import Any

import numpy as np
import pandas as pd

from crm.demo import places
from crm.demo.names import LANGUAGES
from crm.demo.pools import (
    Lists,
    blanked,
    dealt,
    drawn,
    lengths,
    pick,
    pick_from,
    spelt,
)

SOURCES = {
    "company": {
        "web": 0.26, "referral": 0.2, "fair": 0.15, "partner": 0.15, "campaign": 0.18,
        "cold call": 0.06,
    },
    "person": {"web": 0.52, "referral": 0.18, "campaign": 0.2, "marketplace": 0.1},
}  # fmt: skip
TAGS = {  # the share that has one of them
    "key account": (
        0.9,
        ("framework agreement", "framework agreement;delivery before 9"),
    ),
    "regular office": (
        0.45,
        ("invoice by mail", "fair trade only", "delivery before 9"),
    ),
    "fit-out project": (0.5, ("new office", "new office;needs assembly")),
    "coffee regular": (0.4, ("newsletter", "newsletter;whole beans", "decaf")),
    "newcomer": (0.3, ("first order gift", "newsletter")),
    "": (0.3, ("trade fair", "newsletter")),
}
SUBSIDIARIES = 0.05  # share of companies that belong to a key account
MAIL = {  # what stands before the @ of a company, where private mail is kept
    "en": ("info hello office", "mail.example.com"),
    "de": ("info kontakt buero", "post.example.net"),
    "fr": ("contact bonjour accueil", "courriel.example.org"),
    "es": ("info hola contacto", "correo.example.com"),
    "zh": ("info service kefu", "youxiang.example.net"),
}
MISSING = {"email": 0.03, "phone": 0.1, "website": 0.12, "street": 0.03, "source": 0.02}


def customers(segments: pd.Series, company: Any, rng: Any) -> pd.DataFrame:
    """Draw one customer per entry of `segments` (a name, "" for none yet).

    Args:
        company: whether the customer is a company, one entry per segment.

    Returns:
        What is on record of a customer, and for what follows: `language` (a place
        in LANGUAGES), `city_place`, `first_name`, `last_name`, `domain`, `own_name`
        (without legal form), `parent` (the row of the parent company, or -1).
    """
    city = places.choose(len(segments), rng)
    language = language_of(city)
    one = pd.DataFrame({"kind": np.where(company, "company", "person")}, dtype="str")
    one["language"], one["city_place"] = language, city
    one = one.join(places.addresses(city, rng))
    one["source"] = sources(one["kind"], rng)
    one["tags"] = tags(segments, rng)
    one["parent"] = parents(segments, company, city, rng)

    private, firm = np.flatnonzero(~company), np.flatnonzero(company)
    texts = [
        persons(language[private], rng).set_index(private),
        companies(one.loc[firm, ["language", "city", "city_place", "parent"]], rng),
    ]
    one = one.join(pd.concat(texts).fillna(""))
    for column, share in MISSING.items():
        one[column] = blanked(one[column], share, rng)
    return one


def language_of(city: Any) -> Any:
    """The place in LANGUAGES of what is spoken in each of `city`."""
    codes = [language.code for language in LANGUAGES]
    return np.array([codes.index(code) for code in places.CITIES["language"]])[city]


def sources(kind: pd.Series, rng: Any) -> pd.Series:
    """How the customers came to us."""
    drawn_for = {
        name: rng.choice(list(chances), len(kind), p=list(chances.values()))
        for name, chances in SOURCES.items()
    }
    private = (kind == "person").to_numpy()
    chosen = np.where(private, drawn_for["person"], drawn_for["company"])
    return pd.Series(chosen, dtype="str")


def tags(segments: pd.Series, rng: Any) -> pd.Series:
    """Tags by segment, several joined by a semicolon; "" for none."""
    which = segments.map({name: place for place, name in enumerate(TAGS)}).to_numpy()
    texts = drawn([choices for _share, choices in TAGS.values()], which, rng)
    share = np.array([share for share, _choices in TAGS.values()])
    return texts.where(rng.random(len(which)) < share[which], "")


def parents(segments: pd.Series, company: Any, city: Any, rng: Any) -> Any:
    """The row of a key account of the same language, for some companies; else -1.

    A key account has no more than one subsidiary in each city.
    """
    language = language_of(city)
    key = (segments == "key account").to_numpy() & company
    parent = np.full(len(segments), -1)
    belongs = company & ~key & (rng.random(len(segments)) < SUBSIDIARIES)
    for place in range(len(LANGUAGES)):
        heads = np.flatnonzero(key & (language == place))
        below = np.flatnonzero(belongs & (language == place))
        if len(heads):
            parent[below] = rng.choice(heads, len(below))
    same = pd.DataFrame({"parent": parent, "city": city}).duplicated().to_numpy()
    return np.where(same, -1, parent)


def persons(language: Any, rng: Any) -> pd.DataFrame:
    """Draw one private person per entry of `language`."""
    people = named(language, rng)
    private = pick([MAIL[spoken.code][1] for spoken in LANGUAGES], language)
    email = people.pop("local") + "@" + private
    return people.assign(email=email, website="", domain="", own_name="", sector="")


def named(language: Any, rng: Any) -> pd.DataFrame:
    """Draw people: `name`, `first_name`, `last_name`, `local` (for their e-mail).

    No two of a language have the same name before all names are used.
    """
    given = [[spelt(word) for word in spoken.given()] for spoken in LANGUAGES]
    family = [list(map(spelt, spoken.families.split())) for spoken in LANGUAGES]
    place, again = dealt(lengths(given) * lengths(family), language, rng)
    count = lengths(family)[language]
    one, other = place // count, place % count
    first, first_latin = (pick_from(spelling(given, n), language, one) for n in (0, 1))
    last, last_latin = (pick_from(spelling(family, n), language, other) for n in (0, 1))
    chinese = language == [spoken.code for spoken in LANGUAGES].index("zh")
    name = (first + " " + last).where(~chinese, last + first)
    local = local_parts(first_latin, last_latin, rng)
    local += pd.Series(again + 1).astype("str").where(again > 0, "")
    columns = {"name": name, "first_name": first, "last_name": last, "local": local}
    return pd.DataFrame(columns)


def spelling(words: list[list[tuple[str, str]]], which: int) -> Lists:
    """One of the two spellings of all words."""
    return [[word[which] for word in language] for language in words]


def local_parts(first: pd.Series, last: pd.Series, rng: Any) -> pd.Series:
    """What people put before the @, in three fashions."""
    fashion = rng.random(len(first))
    dotted = (first + "." + last).where(fashion < 0.6, last + "." + first)
    return dotted.where(fashion < 0.85, first + "_" + last)


def companies(where: pd.DataFrame, rng: Any) -> pd.DataFrame:
    """Draw one company per row of `where`: language, city, city_place, parent.

    Subsidiaries are called after their parent and their city.
    """
    rows, language = where.index, where["language"].to_numpy()
    known = [spoken.companies() for spoken in LANGUAGES]
    place, again = dealt(lengths(known), language, rng)
    below = (where["parent"] >= 0).to_numpy()
    head = rows.get_indexer(where["parent"])
    place, again = (np.where(below, part[head], part) for part in (place, again))

    text = [[[one[n] for one in spoken] for spoken in known] for n in range(3)]
    own, latin, sector = (pick_from(part, language, place) for part in text)
    latin += ("-" + pd.Series(again + 1).astype("str")).where(again > 0, "")
    city = where["city"].reset_index(drop=True)
    chinese = pd.Series(language == [s.code for s in LANGUAGES].index("zh"))
    own = (city + own).where(chinese, own)
    own = own.mask(~chinese & (below | (again > 0)), own + " " + city)
    domain = latin + ".example.com"
    local = drawn([MAIL[s.code][0].split() for s in LANGUAGES], language, rng)
    at_city = pick(places.CITIES["latin"], where["city_place"].to_numpy())
    local = local.mask(below, at_city)
    columns = {
        "name": own + legal_forms(where["city_place"], rng), "email": local + "@" + domain,
        "website": "https://" + domain, "domain": domain, "own_name": own,
        "sector": sector, "first_name": "", "last_name": "",
    }  # fmt: skip
    return pd.DataFrame(columns).set_index(rows)


def legal_forms(city: Any, rng: Any) -> pd.Series:
    """Legal forms of companies in each of `city`, with the space before them."""
    forms = [
        [form.replace("_", " ").replace("-", "") for form in country.legal.split()]
        for country in places.COUNTRIES
    ]
    return drawn(forms, places.CITIES["place"].to_numpy()[city], rng)
