"""Plays a journey on the web page, in a real Chromium: a context per person, a tab per place.

What people do happens on their pages, and what they see is read from their pages. Only the clock,
the faults and the group's members come from behind.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import BrowserContext, Page, Request, Response, expect
from playwright.async_api import TimeoutError as TooLate

from bot.script.clock import TURN
from storage.transaction import Transaction
from tests.journeys import journey as words
from tests.journeys.journey import Happens, Journey, Presses, Says, Sees, SentAgain, Step, Waits
from tests.journeys.limits import limit_of
from tests.journeys.page_front import PageFront
from tests.journeys.playing import left_alone
from tests.journeys.street_house import StreetHouse
from tests.journeys.telephones import Telephones
from tests.stores import Database
from tests.web_house import a_photo

PATIENCE_MS = 5_000
BACK_MS = 20_000
"""Within this a page is back after an outage: it tries again after 2, 3 and up to 15 seconds."""

LINES = """() => [...document.querySelectorAll("article.bot:not(#welcome), article.failed")]
.map(article => {
  const label = (button, at) =>
    button.querySelector(".number") ? button.textContent : `${at + 1} ${button.textContent}`;
  const choices = [...article.querySelectorAll("button.choice")].map(label);
  const said = article.querySelector(".failed > .state, .bot > .bubble").textContent;
  const text = [said, ...choices].join("\\n");
  const time = article.querySelector("time");
  const at = time ? new Date(Date.parse(time.dateTime) + 8 * 3600e3).toISOString() : "";
  return [article.dataset.id || text, text, at];
})"""
"""What the page says to its person, with its choices, and the street's time beside it.

Choices without a number are counted; what was not kept has no id, its text tells it apart.
"""

IS_SEEN = f"""([known, has, lacks, at]) => ({LINES})().some(([id, text, said]) =>
  !known.includes(id) && has.every(one => text.includes(one))
  && !lacks.some(one => text.includes(one)) && said.startsWith(at))"""

READ = f"""async () => {{
  const shown = ({LINES})().map(([id]) => id);
  const room = document.querySelector("#room-tabs [aria-current=true]");
  const chat = encodeURIComponent(room ? room.dataset.chat : "");
  const answer = await fetch(`/api/lines?chat=${{chat}}`).then(a => a.json(), () => ({{}}));
  const there = (answer.lines || []).filter(line => line.from === "bot");
  return [...shown, ...there.map(line => line.id)];
}}"""
"""What the page says, and what the server has for it and it does not show yet."""

AGAIN = """([url, body]) => fetch(url, {
  method: "POST", body: body, headers: { "Content-Type": "application/json" },
}).then(answer => answer.status)"""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose page, and in which group; in private when that is empty."""

    who: str
    group: str = ""


async def faults(
    journey: Journey, telephones: Telephones, folder: Path, database: Database
) -> list[str]:
    """Return what people did not see on their pages as the journey says."""
    found = []
    page = PageFront()
    async with (
        StreetHouse(journey, folder, page.open, database) as house,
        _Street(telephones, house, page, journey) as street,
    ):
        for number, step in enumerate(journey.steps, start=1):
            if limit_of(step, street.members):
                continue
            complaints = await street.play(step)
            found += [f"{number}: {step}\n  {complaint}" for complaint in complaints]
        found += street.complaints
    return found


class _Street:
    """The people of the demo street in front of their pages."""

    def __init__(
        self, telephones: Telephones, house: StreetHouse, front: PageFront, journey: Journey
    ) -> None:
        self._telephones = telephones
        self._house = house
        self._front = front
        self._journey = journey
        self._contexts: dict[str, BrowserContext] = {}
        self._pages: dict[Place, Page] = {}
        self._left: dict[Place, list[str]] = {}
        """What those who closed their page had read."""
        self._sent: dict[Place, Request] = {}
        self._line_is_broken = False
        self._changed: set[BrowserContext] = set()
        """Those without a network and with a clock that was set: no good for anybody else."""
        self._known: set[str] = set()
        self.members: dict[str, list[str]] = {}
        self.complaints: list[str] = []

    async def __aenter__(self) -> "_Street":
        """Find out who is who."""
        self._known, self.members = await self._house.service.store.run(_people)
        return self

    async def __aexit__(self, *_error: object) -> None:
        for context in self._contexts.values():
            if context in self._changed:
                await context.close()
            else:
                await self._telephones.give_back(context)

    # One step, and what people see of it.

    async def play(self, step: Step) -> list[str]:
        """Do what the step says; return what was not seen as it should."""
        wanted = [(one, self._place_of(one.to)) for one in step.seen]
        alone = [self._place_of(name) for name in left_alone(step)]
        known = {place: await self._read(place) for place in (*alone, *(at for _, at in wanted))}
        if isinstance(step, SentAgain):
            # People see nothing a second time: what was answered stands, and nothing more.
            alone = list(known)
        await self._do(step)
        await self._house.hours.deliver()
        if isinstance(step, Says | Presses | SentAgain):
            self._house.clock.now += TURN
        found = []
        for one, place in wanted:
            old = [] if isinstance(step, SentAgain) else known[place]
            found += [fault async for fault in _unseen(one, await self._page(place), old)]
        for place in alone:
            new = set(await self._read(place)) - set(known[place])
            if new:
                found.append(f"{place} should be left alone; saw {await self._texts(place, new)}")
        return found

    async def _do(self, step: Step) -> None:
        match step:
            case Says() | Presses():
                await self._house.hours.keep_current()
                await self._speak(step)
            case SentAgain():
                place = Place(step.who, step.group)
                sent = self._sent[place]
                page = await self._page(place)
                assert await page.evaluate(AGAIN, [sent.url, sent.post_data]) == 200
            case Waits():
                await self._house.wait(step)
            case Happens():
                await self._strike(step.what)

    async def _speak(self, step: Says | Presses) -> None:
        place = Place(step.who, step.group)
        here = await self._page(place)
        if self._line_is_broken:
            assert isinstance(step, Says)
            await self._set_clock(self._contexts[step.who])
            before = await here.locator("article.pending").count()
            await _say(here, step)
            await expect(here.locator("article.pending")).to_have_count(before + 1)
            return
        async with here.expect_response(_is_taken) as taken:
            await (_say(here, step) if isinstance(step, Says) else _press(here, step))
        answer = await taken.value
        await answer.finished()
        self._sent[place] = answer.request
        await _all_taken(here)

    # Faults.

    async def _strike(self, what: str) -> None:
        match what:
            case words.RESTART:
                await self._restart()
            case words.DATABASE_GOES:
                await self._bring_everybody()
                await self._house.strike(what)
            case words.LINE_BREAKS:
                await self._break_line()
            case words.LINE_COMES:
                await self._mend_line()
            case _ if what.startswith(words.BLOCKS):
                await self._leave(what.removeprefix(words.BLOCKS))
            case _ if not await self._house.strike(what):
                assert what.startswith(words.UNBLOCKS), what  # their page opens when it is needed

    async def _restart(self) -> None:
        """Every page that can notices it and comes back by itself."""
        pages = [] if self._line_is_broken else list(self._pages.values())
        async with AsyncExitStack() as back:
            for page in pages:
                await back.enter_async_context(page.expect_response(_listens, timeout=BACK_MS))
            await self._house.restart()

    async def _bring_everybody(self) -> None:
        """Open all pages of the journey, before none can be opened."""
        for step in self._journey.steps:
            if isinstance(step, Says | Presses | SentAgain):
                await self._page(Place(step.who, step.group))
            for name in (*(one.to for one in step.seen), *left_alone(step)):
                await self._page(self._place_of(name))

    async def _break_line(self) -> None:
        """Take the network from everybody; their pages keep what they say."""
        await self._bring_everybody()
        self._line_is_broken = True
        self._changed.update(self._contexts.values())
        for context in self._contexts.values():
            await context.set_offline(True)

    async def _mend_line(self) -> None:
        self._line_is_broken = False
        for context in self._contexts.values():
            await self._set_clock(context)
        for context in self._contexts.values():
            await context.set_offline(False)
        for page in self._pages.values():
            await _all_taken(page)

    async def _set_clock(self, context: BrowserContext) -> None:
        """Let the clock of somebody's telephone show the street's time."""
        await context.clock.set_fixed_time(self._house.clock.now)

    async def _leave(self, who: str) -> None:
        """Nobody can be blocked on a page: who hears nothing has closed it."""
        for place in [place for place in self._pages if place.who == who]:
            self._left[place] = await self._read(place)
            await self._pages.pop(place).close()

    # Pages.

    def _place_of(self, name: str) -> Place:
        """Return where to look; a group is watched by whoever speaks in it first, or a member."""
        if name not in self.members:
            return Place(name)
        spoken = (step for step in self._journey.steps if isinstance(step, Says | Presses))
        speakers = (step.who for step in spoken if step.group == name)
        return Place(next(speakers, self.members[name][0]), name)

    async def _page(self, place: Place) -> Page:
        """Return the tab of this person in this place."""
        if place in self._pages:
            return self._pages[place]
        is_new = place.who not in self._contexts
        if is_new:
            self._contexts[place.who] = await self._telephones.take()
        context = self._contexts[place.who]
        page = context.pages[0] if is_new else await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        async with page.expect_response(_listens):
            await page.goto(self._front.url)
        if is_new and place.who in self._known:
            async with page.expect_response(_listens):
                await page.select_option("#speaker", label=place.who)
        if place.group:
            async with page.expect_response(_listens):
                await page.get_by_role("button", name=place.group).click()
        self._pages[place] = page
        return page

    async def _read(self, place: Place) -> list[str]:
        """Return what this person has seen there; for one who comes back, until they left."""
        page = await self._page(place)
        left = self._left.pop(place, None)
        return [str(key) for key in await page.evaluate(READ)] if left is None else left

    async def _texts(self, place: Place, keys: set[str]) -> list[str]:
        page = await self._page(place)
        return [text for key, text, _ in await page.evaluate(LINES) if key in keys]


def _people(tx: Transaction) -> tuple[set[str], dict[str, list[str]]]:
    """Return the made-up people, and the members of each group."""
    names = {person.id: person.name or "" for person in tx.residents.demo_people()}
    groups = tx.directory.groups()
    return set(names.values()), {
        group.name: [names[member] for member in tx.directory.members(group.id)] for group in groups
    }


def _listens(response: Response) -> bool:
    """Whether the page has its talk, and hears what comes."""
    return "/api/events?" in response.url and response.ok


def _is_taken(response: Response) -> bool:
    return response.url.endswith(("/api/messages", "/api/press"))


async def _all_taken(page: Page) -> None:
    await expect(page.locator("article.pending:not(.failed)")).to_have_count(0, timeout=BACK_MS)


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


async def _unseen(wanted: Sees, page: Page, known: list[str]) -> AsyncIterator[str]:
    """Say what is missing on the page, once it had time to come."""
    arg = [known, list(wanted.has), list(wanted.lacks), wanted.at]
    try:
        await page.wait_for_function(IS_SEEN, arg=arg, timeout=PATIENCE_MS)
    except TooLate:
        new = [(text, at) for key, text, at in await page.evaluate(LINES) if key not in known]
        saw = "\n  | ".join(f"{at[:16]} {text}" for text, at in new) or "nothing"
        should = f"{wanted.has}, not {wanted.lacks} {wanted.at}"
        yield f"{wanted.to} should see {should}; saw\n  | {saw}"
