"""What people do on the pages, step by step, by the names that they read there."""

from playwright.sync_api import Locator, Page, expect

from tests import factories

SENTENCE = "22 hours ÷ 2 = 11; a single event counts at most 10."
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
PASSWORD = "sedge reed willow alder"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def sign_in(page: Page, person) -> None:
    """Give ``person`` a password and use it."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good to see you")


def type_where_and_when(page: Page, given) -> None:
    """Type the days first: the rows of hours come from them."""
    page.get_by_label("First day").fill(given.first_day.isoformat())
    page.get_by_label("Last day").fill(given.last_day.isoformat())
    page.get_by_label("Name of the event").fill(given.title)
    page.get_by_label("Who organised it").fill(given.provider)
    page.get_by_label("City and country").fill(given.place)
    page.get_by_label("In person", exact=True).check()


def day_rows(page: Page) -> Locator:
    return page.locator("#days fieldset")


def type_hours(page: Page, given) -> None:
    for row, told in zip(day_rows(page).all(), given.rows, strict=False):
        row.get_by_label("Sessions you sat in").fill(told.what)
        row.get_by_label("Hours").press_sequentially(str(told.hours))


def type_the_rest(page: Page, given) -> None:
    page.get_by_label("Biological").check()
    page.get_by_label("What did you learn").fill(given.learned)
    page.get_by_label("What I report here is true").check()


def certificate() -> dict:
    """A file as a person picks it from the disk."""
    return {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": factories.PDF}


def has_focus(locator: Locator) -> bool:
    return locator.evaluate("element => element === document.activeElement")


def tab_to(page: Page, locator: Locator, *, most: int = 80) -> None:
    """Press Tab until ``locator`` has the focus, as someone without a mouse does."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if has_focus(locator):
            return
    raise AssertionError(f"{most} times Tab did not reach {locator}.")
