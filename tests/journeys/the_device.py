"""The device at an event: started by an officer, answered on by one person after the other."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from engage.bench.stage import SLUG
from tests.journeys.conftest import OFFICER, PASSWORD
from tests.journeys.visitor import Visitor

DEVICE = f"/officer/consultations/{SLUG}/device"
EVENT = f"/take-part/{SLUG}/postcard/at-event/"
HEADING = "Choose your priorities"

# All that a curious person could read in the browser's stores, as text.
READ_ALL = """async () => {
  const open = indexedDB.open("engage-events");
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const found = [];
  const plain = (value) => {
    if (value instanceof CryptoKey) return [value.algorithm.name, value.type, value.extractable];
    if (value instanceof ArrayBuffer) return new TextDecoder("latin1").decode(value);
    if (ArrayBuffer.isView(value)) return plain(value.buffer);
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, plain(inside)]));
    return value;
  };
  for (const name of database.objectStoreNames) {
    const all = database.transaction(name).objectStore(name).getAll();
    await new Promise((done) => { all.onsuccess = done; });
    found.push([name, all.result.map(plain)]);
  }
  database.close();
  return { stores: Object.fromEntries(found), local: {...localStorage}, session: {...sessionStorage} };
}"""


def starts(visitor: Callable[[], Visitor]) -> Visitor:
    """Sign an officer in on a device, and start it."""
    officer = visitor()
    officer.signs_in(OFFICER, PASSWORD)
    officer.go(DEVICE)
    officer.sees("Use this device at an event")
    officer.page.get_by_label("Postcard").check()
    officer.presses("Sign me out and start")
    officer.sees(HEADING, "event form")
    return officer


def answers_with(device: Visitor, *priorities: str) -> None:
    """Fill in the form on the screen and send it."""
    device.ticks(*priorities)
    device.chooses("Borough", "Hackney")
    device.presses("Send my answers")


def ready_for_the_next(device: Visitor) -> None:
    """Expect a blank form that nobody has touched."""
    expect(device.page.locator("h1")).to_have_text(HEADING)
    expect(device.page.locator("input:checked")).to_have_count(0)
    expect(device.page.get_by_label("Borough", exact=True)).to_have_value("")


def keeps_a_supply(page: BrowserPage) -> None:
    """Wait until the device could go on without a connection."""
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'", timeout=30_000
    )
    # A form out of the supply is one that the script put there.
    expect(page.locator("h1")).to_be_focused()


def person(page: BrowserPage, *priorities: str) -> None:
    """Answer as the next person, from the blank form to being thanked and gone."""
    expect(page.locator("h1")).to_have_text(HEADING)
    expect(page.locator("input:checked")).to_have_count(0)
    for priority in priorities:
        page.get_by_label(priority, exact=True).check()
    page.get_by_label("Borough", exact=True).select_option(label="Hackney")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    page.get_by_role("button", name="Next person").click()


THREE = (("Knife crime",), ("Burglary", "Hate crime"), ("Anti-social behaviour",))
STORED = [["asb"], ["burglary", "hate_crime"], ["knife_crime"]]


def three_answer_offline(page: BrowserPage) -> None:
    page.context.set_offline(True)
    for priorities in THREE:
        person(page, *priorities)
    expect(page.locator("#tablet-state")).to_contain_text("3 forms wait on this device to be sent.")
