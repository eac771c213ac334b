"""Papers: what a quote, an order, an invoice and a credit note say as PDF."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from crm import i18n
from crm.errors import Invalid
from crm.services.documents.papers import Paper, PaperLine, pdf

LINE = PaperLine(
    position=1,
    sku="HOUR-1",
    text="Consulting hour",
    quantity=Decimal("2.5000"),
    unit_price=Decimal("120.0000"),
    discount=Decimal("0.1"),
    tax_rate=Decimal("0.19"),
    amount=Decimal("270.0000"),
)
PAPER = Paper(
    kind="invoice",
    number="INV-2026-0042",
    revision=None,
    language="en",
    currency="EUR",
    issued_on=date(2026, 11, 5),
    until=date(2026, 12, 5),
    sender=("Example Ltd", "1 Main Street", "Dublin"),
    recipient=("Müller & Söhne AG", "Bahnhofstr. 7", "8001 Zürich"),
    reference="ORD-2026-0017",
    lines=(LINE,),
    net=Decimal("270.0000"),
    taxes=((Decimal("0.19"), Decimal("51.3000")),),
    total=Decimal("321.3000"),
    intro="Dear Ms Weber,\n\nthank you for your order.",
    terms="Payment without deduction.",
)


def pages(paper: Paper) -> list[str]:
    """What stands on each page, one blank between words."""
    reader = PdfReader(BytesIO(pdf(paper)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def described(text: str) -> Paper:
    return replace(PAPER, lines=(replace(LINE, text=text),))


def test_an_invoice_says_who_pays_what_until_when() -> None:
    [page] = pages(PAPER)

    for said in (
        "Example Ltd",
        "Müller & Söhne AG Bahnhofstr. 7 8001 Zürich",
        "Number INV-2026-0042",
        "Due on December 5, 2026",
        "Order number ORD-2026-0017",
        "1 Consulting hour HOUR-1 2.5 120.00 10% 19% 270.00",
        "Total without tax €270.00 Tax, 19% €51.30 Total with tax €321.30",
        "Please pay €321.30 by December 5, 2026 and name INV-2026-0042",
        "Payment without deduction.",
        "Page 1 of 1",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("paid", "said"),
    [
        ("100", "Already paid -€100.00 Still to pay €221.30 Please pay €221.30 by"),
        ("321.3", "Still to pay €0.00 Nothing is left to pay."),
        ("400", "Still to pay -€78.70 €78.70 in your favour is left"),
    ],
)
def test_what_came_in_is_taken_off(paid: str, said: str) -> None:
    [page] = pages(replace(PAPER, paid=Decimal(paid)))

    assert said in page


def test_a_credit_note_gives_back_and_asks_for_nothing() -> None:
    given_back = replace(LINE, quantity=Decimal(-1), amount=Decimal(-108))
    note = replace(
        PAPER,
        kind="credit_note",
        lines=(given_back,),
        net=Decimal(-108),
        taxes=(),
        total=Decimal(-108),
    )

    [page] = pages(note)

    assert "Credit note" in page
    assert "Invoice number ORD-2026-0017" in page
    assert "-1 120.00 10% 19% -108.00 Total -€108.00" in page
    assert "Please pay" not in page


def test_a_quote_has_a_version_and_a_last_day() -> None:
    [page] = pages(replace(PAPER, kind="quote", revision=3))

    assert "Version 3" in page
    assert "Valid until December 5, 2026" in page
    assert "Please pay" not in page


def test_a_discount_has_a_column_only_where_one_is_given() -> None:
    [page] = pages(replace(PAPER, lines=(replace(LINE, discount=Decimal(0)),)))

    assert "Discount" not in page
    assert "2.5 120.00 19% 270.00" in page


def test_what_is_not_known_leaves_no_trace() -> None:
    bare = replace(PAPER, sender=(), recipient=(), until=None, reference=None)

    [page] = pages(replace(bare, kind="order", intro=" ", terms=None))

    assert "Order confirmation No. Description" in page
    assert "Due" not in page
    assert "Reference" not in page
    assert "Terms" not in page


@pytest.mark.parametrize(
    ("currency", "total", "said"),
    [
        ("JPY", "1200.0000", "¥1,200 "),
        ("KWD", "1.5", "KWD 1.500 "),
        ("EUR", "0.1234", "€0.1234 "),
        ("EUR", "922337203685477.5807", "€922,337,203,685,477.5807 "),
    ],
)
def test_no_sum_is_rounded(currency: str, total: str, said: str) -> None:
    [page] = pages(replace(PAPER, currency=currency, total=Decimal(total)))

    assert f"Total with tax {said}" in page


@pytest.mark.slow
def test_the_paper_speaks_the_language_of_its_recipient() -> None:
    paper = replace(PAPER, language="zh_CN", currency="CNY", recipient=("龙腾贸易",))
    with i18n.language("zh_CN"):
        title = i18n._("Invoice")

    reader = PdfReader(BytesIO(pdf(paper)))
    page = "".join(reader.pages[0].extract_text().split())

    assert i18n.current() == "en"
    for said in ("龙腾贸易", title, "数量", "2026年11月5日", "¥321.30"):
        assert said in page
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


@pytest.mark.parametrize(
    "text",
    [
        '#import "@preview/x:1.0.0": *',
        "*bold* _it_ $x^2$ \\ `raw` <label> @ref = head // none",
        '"quoted" -- ... ~ #sys.inputs.paper',
        "张三，“李四” 한국어 日本語",
        "Łódź Ősi İstanbul ₹ Ωμέγα Жук",
    ],
)
def test_what_a_user_typed_is_text(text: str) -> None:
    [page] = pages(described(text))

    assert text.replace(" ", "") in page.replace(" ", "")


@pytest.mark.slow
def test_scripts_from_right_to_left_and_emoji_are_printed() -> None:
    text = "مرحبا שלום 😀 🇨🇳 ❤️"

    [page] = pages(described(text))

    assert set(text) - {"\ufe0f"} <= set(page)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["word " * 2000, "漢字" * 5000])
def test_ten_thousand_characters_are_printed_to_the_last(text: str) -> None:
    printed = "".join(pages(replace(described(text), terms=text)))

    assert printed.count(text[0]) >= 2 * text.count(text[0])


def test_only_a_word_wider_than_its_column_is_broken() -> None:
    account, wide = "DE89370400440532013000", "X" * 200

    [page] = pages(replace(described(wide), sender=("Example Ltd", account)))

    assert account in page
    assert wide not in page
    assert page.count("X") == 200


@pytest.mark.slow
def test_every_page_has_the_headings_and_its_number() -> None:
    lines = [replace(LINE, position=n, sku=f"SKU-{n:04}") for n in range(1, 61)]

    printed = pages(replace(PAPER, lines=tuple(lines)))

    assert len(printed) > 2
    for number, page in enumerate(printed, 1):
        assert f"Page {number} of {len(printed)}" in page
        assert ("Unit price (EUR)" in page) == ("SKU-" in page)
    assert all(" ".join(printed).count(line.sku) == 1 for line in lines)


@pytest.mark.slow
def test_a_thousand_lines_are_printed() -> None:
    lines = [replace(LINE, position=n, sku=f"SKU-{n:04}") for n in range(1, 1001)]

    reader = PdfReader(BytesIO(pdf(replace(PAPER, lines=tuple(lines)))))

    last = "".join(page.extract_text() for page in reader.pages[-2:])
    assert "SKU-1000" in last
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in last


def test_the_same_paper_is_the_same_file() -> None:
    first = pdf(PAPER)
    pdf(replace(PAPER, number="INV-2026-0043"))

    assert pdf(PAPER) == first
    assert PdfReader(BytesIO(first)).metadata.creation_date.date() == PAPER.issued_on


def test_the_file_can_be_kept_and_read_aloud() -> None:
    reader = PdfReader(BytesIO(pdf(PAPER)))

    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    width, height = (float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:])
    assert (reader.metadata.title, reader.metadata.author) == (
        "Invoice INV-2026-0042",
        "Example Ltd",
    )
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "<pdfaid:part>3<" in xmp
    assert "<pdfuaid:part>1<" in xmp
    assert (round(width), round(height)) == (210, 297)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("character", "told"),
    [("\0", "U+0000"), ("\x1b", "U+001B"), ("\ue000", "U+E000"), ("\uffff", "U+FFFF")],
)
def test_what_would_be_an_empty_box_is_refused(character: str, told: str) -> None:
    with pytest.raises(Invalid, match="cannot be printed") as refused:
        pdf(described(f"left{character}right"))

    assert told in str(refused.value).replace("\\", "")
