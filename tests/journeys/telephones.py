"""What people look at their pages with; handed on, since a new one costs most of a second."""

from playwright.async_api import Browser, BrowserContext


class Telephones:
    """Browser contexts that remember nobody, each with one empty tab."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[BrowserContext] = []

    async def take(self) -> BrowserContext:
        """Return one that nobody has."""
        if self._free:
            return self._free.pop()
        context = await self._browser.new_context(reduced_motion="reduce")
        await context.new_page()
        return context

    async def give_back(self, context: BrowserContext) -> None:
        """Forget who had it; one that was left without a tab is thrown away."""
        if not context.pages:
            await context.close()
            return
        first, *others = context.pages
        for page in others:
            await page.close()
        await first.evaluate("localStorage.clear()")
        await first.goto("about:blank")
        await context.clear_cookies()
        self._free.append(context)
