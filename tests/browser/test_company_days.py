"""Lists show days and times by the clocks of the company, not by the browser's."""

from datetime import UTC, date, datetime

from playwright.sync_api import Page

from tests import make
from tests.browser.serving import settle

LISTEN = """() => {
    const draw = CanvasRenderingContext2D.prototype.fillText;
    window.drawn = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
        window.drawn.push(text);
        return draw.call(this, text, ...where);
    };
}"""
IS_DRAWN = "start => window.drawn.some(text => text.startsWith(start))"


def test_a_list_shows_the_days_of_the_company_west_of_it(site: str, page: Page) -> None:
    at = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)  # in New York it is February
    order = make.order(make.customer(), (make.product(), 1, "9"), ordered_at=at)
    make.invoice(order, on=date(2026, 3, 1), due_on=date(2026, 4, 1))
    zone = {"timezoneId": "America/New_York"}
    page.context.new_cdp_session(page).send("Emulation.setTimezoneOverride", zone)
    page.add_init_script(f"({LISTEN})()")  # tables are drawn, and not in the document

    page.goto(f"{site}/orders")
    settle(page)
    page.wait_for_function(IS_DRAWN, arg="Mar 1, 2026, 12:30:00")
    page.goto(f"{site}/invoices")
    settle(page)
    page.wait_for_function(IS_DRAWN, arg="Mar 1, 2026")
    page.wait_for_function(IS_DRAWN, arg="Apr 1, 2026")
