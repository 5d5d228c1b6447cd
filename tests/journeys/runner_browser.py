"""Plays a journey on the web page, in a real Chromium: a context per speaker, a tab per place."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, Response, expect
from playwright.async_api import TimeoutError as TooLate

from bot.config import Config
from bot.script.clock import MINUTE
from bot.script.parse import parse
from bot.script.steps import Move
from bot.web import demo
from bot.web.sender import WebSender
from bot.web.server import WebServer, build_app
from bot.wiring import Service
from handlers import ticks
from handlers.learning import clock as learning
from handlers.localtime import SHANGHAI
from knowledge.reading import Knowledge
from storage.transaction import Transaction
from tests.journeys.journey import Journey, Presses, Says, Sees, Step, Waits
from tests.stores import Clock
from tests.web_house import a_photo

TURN = timedelta(seconds=3)
"""What one spoken line takes, as in bot/script/clock.py."""
PATIENCE_MS = 5_000

Place = tuple[str, str]
"""Who looks, and in which group; in private when that is empty."""

LINES = """() => [...document.querySelectorAll("article.bot[data-id]")].map(article => {
  const label = (button, at) =>
    button.querySelector(".number") ? button.textContent : `${at + 1} ${button.textContent}`;
  const choices = [...article.querySelectorAll("button.choice")].map(label);
  const text = article.querySelector(".bubble").textContent;
  return [article.dataset.id, [text, ...choices].join("\\n")];
})"""
"""The bot's lines on the page with their choices; those without a number are counted."""

KEPT = """async () => {
  const room = document.querySelector("#room-tabs [aria-current=true]");
  const chat = encodeURIComponent(room ? room.dataset.chat : "");
  const answer = await (await fetch(`/api/lines?chat=${chat}`)).json();
  return answer.lines.filter(line => line.from === "bot").map(line => [line.id, line.text]);
}"""
"""The bot's lines in this chat as the server has them, whether or not the page shows them yet."""

IS_SEEN = f"""([known, has, lacks]) => ({LINES})().some(([id, text]) =>
  !known.includes(id) && has.every(one => text.includes(one))
  && !lacks.some(one => text.includes(one)))"""


async def faults(journey: Journey, browser: Browser, folder: Path, shipped: Knowledge) -> list[str]:
    """Return what people did not see on their pages as the journey says."""
    clock = Clock(datetime.fromisoformat(journey.start).replace(tzinfo=SHANGHAI))
    found = []
    async with _open(clock, folder, shipped) as (service, url), AsyncExitStack() as stack:
        street = _Street(browser, service, clock, url, stack, journey)
        for number, step in enumerate(journey.steps, start=1):
            complaints = await street.play(step)
            found += [f"{number}: {step}\n  {complaint}" for complaint in complaints]
            clock.forward(TURN)
    return [*found, *street.complaints]


@asynccontextmanager
async def _open(
    clock: Clock, folder: Path, shipped: Knowledge
) -> AsyncIterator[tuple[Service, str]]:
    """Open the demo street with the page as its only channel; give its address too."""
    config = Config(demo=True)
    async with Service.open(config, data=folder, clock=clock, knowledge=shipped) as service:
        await service.store.run(_bind)
        app = build_app(
            service.dispatcher,
            service.store,
            service.street,
            service.media,
            clock=clock,
            demo=True,
            secure=False,
        )
        service.senders["web"] = WebSender(service.store, app.state.hub)
        server = WebServer(app, "127.0.0.1", 0)
        await server.start()
        try:
            yield service, f"http://127.0.0.1:{server.port}"
        finally:
            await server.stop()


def _bind(tx: Transaction) -> None:
    demo.bind_rooms(tx)
    demo.bind_people(tx)


class _Street:
    """The people of the demo street in front of their pages."""

    def __init__(
        self,
        browser: Browser,
        service: Service,
        clock: Clock,
        url: str,
        stack: AsyncExitStack,
        journey: Journey,
    ) -> None:
        self._browser = browser
        self._service = service
        self._clock = clock
        self._url = url
        self._stack = stack
        self._contexts: dict[str, BrowserContext] = {}
        self._pages: dict[Place, Page] = {}
        self.complaints: list[str] = []
        spoken = [step for step in journey.steps if isinstance(step, Says | Presses)]
        self._watchers = {step.group: step.who for step in reversed(spoken) if step.group}

    async def play(self, step: Step) -> list[str]:
        """Do what the step says; return what was not seen as it should."""
        pages = [(wanted, await self._page(await self._where(wanted))) for wanted in step.seen]
        alone = [await self._page(place) for place in _left_alone(step)]
        looked_at = {*alone, *(page for _, page in pages)}
        known = {page: [line for line, _ in await _lines(page, KEPT)] for page in looked_at}
        await self._do(step)
        while await self._service.delivery.deliver_due():
            pass
        found = [one for wanted, page in pages async for one in _unseen(wanted, page, known[page])]
        for page in alone:
            found += _new(await _lines(page, KEPT), known[page])
        return found

    async def _do(self, step: Step) -> None:
        if isinstance(step, Waits):
            await self._wait(step)
            return
        assert isinstance(step, Says | Presses), step
        here = await self._page((step.who, step.group))
        async with here.expect_response(_is_taken) as taken:
            await (_say(here, step) if isinstance(step, Says) else _press(here, step))
        await (await taken.value).finished()
        await expect(here.locator("article.pending")).to_have_count(0)

    async def _wait(self, step: Waits) -> None:
        """Do what bot/clock.py does, minute by minute."""
        [move], _ = parse([step.time], Path())
        assert isinstance(move, Move), "a span is all that can be waited here"
        service, clock = self._service, self._clock
        for _ in range(move.by // MINUTE):
            clock.forward(MINUTE)
            await service.current.refresh(service.store, clock())
            await learning.rehearse(service.store, service.current, clock)
            await ticks.every_minute(
                service.store, service.spool, service.street, service.current, clock
            )

    async def _where(self, wanted: Sees) -> Place:
        """Return the page to look at; a group is watched by whoever speaks in it first."""
        if not wanted.group:
            return wanted.to, ""
        if wanted.to not in self._watchers:
            self._watchers[wanted.to] = await self._service.store.run(_member_of(wanted.to))
        return self._watchers[wanted.to], wanted.to

    async def _page(self, place: Place) -> Page:
        """Return the tab of this person in this place."""
        if place in self._pages:
            return self._pages[place]
        who, group = place
        is_new = who not in self._contexts
        if is_new:
            context = await self._browser.new_context(reduced_motion="reduce")
            self._stack.push_async_callback(context.close)
            self._contexts[who] = context
        page = await self._contexts[who].new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.goto(self._url)
        await _ready(page)
        if is_new:
            async with page.expect_response("**/api/lines*"):
                await page.select_option("#speaker", label=who)
            await _ready(page)
        if group:
            async with page.expect_response("**/api/lines*"):
                await page.get_by_role("button", name=group).click()
            await _ready(page)
        self._pages[place] = page
        return page


def _left_alone(step: Step) -> list[Place]:
    """Return where nothing may be said because of this step."""
    match step:
        case Waits():
            return [(who, "") for who in step.nobody]
        case Says() if step.silent:
            return [(step.who, step.group)]
        case _:
            return []


async def _ready(page: Page) -> None:
    """Return when the page has its talk and listens."""
    await expect(page.locator("#log")).to_have_attribute("aria-live", "polite")


def _is_taken(response: Response) -> bool:
    return response.url.endswith(("/api/messages", "/api/press"))


async def _say(page: Page, step: Says) -> None:
    if step.photo:
        photo = {"name": "photo.png", "mimeType": "image/png", "buffer": a_photo()}
        await page.set_input_files("#photo", photo)  # type: ignore[arg-type]
        await expect(page.locator("#tray .about")).to_have_text("照片传好了")
    await page.fill("#words", step.text)
    await page.click("#send")


async def _press(page: Page, step: Presses) -> None:
    offer = page.locator("article.bot:has(button.choice)").last
    await offer.locator("button.choice", has_text=step.label).first.click(timeout=PATIENCE_MS)


async def _lines(page: Page, script: str) -> list[tuple[str, str]]:
    return [(line, text) for line, text in await page.evaluate(script)]


def _new(lines: list[tuple[str, str]], known: list[str]) -> Iterable[str]:
    return [f"should be left alone; saw {text}" for line, text in lines if line not in known]


async def _unseen(wanted: Sees, page: Page, known: list[str]) -> AsyncIterator[str]:
    """Say what is missing on the page, once it had time to come."""
    arg = [known, list(wanted.has), list(wanted.lacks)]
    try:
        await page.wait_for_function(IS_SEEN, arg=arg, timeout=PATIENCE_MS)
    except TooLate:
        new = [text for line, text in await _lines(page, LINES) if line not in known]
        saw = "\n  | ".join(new) or "nothing"
        yield f"{wanted.to} should see {wanted.has}, not {wanted.lacks}; saw\n  | {saw}"


def _member_of(name: str) -> Callable[[Transaction], str]:
    """Return work that finds the first member of the group."""

    def work(tx: Transaction) -> str:
        group = next(one for one in tx.directory.groups() if one.name == name)
        return tx.residents.by_id(tx.directory.members(group.id)[0]).name or ""

    return work
