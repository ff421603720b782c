"""The browser's windows, used again: one costs more than most pages, and a new one compiles every script."""

from collections import defaultdict
from typing import Any

from playwright.sync_api import Browser, BrowserContext


class Windows:
    """Contexts by what was asked of them; what a test leaves (cookies, storage, rights) is gone before the next."""

    def __init__(self, chromium: Browser, site: str) -> None:
        self.chromium, self.site = chromium, site
        self.free: dict[str, list[BrowserContext]] = defaultdict(list)
        self.taken: list[tuple[str, BrowserContext]] = []

    def take(self, options: dict[str, Any]) -> BrowserContext:
        kind = repr(sorted(options.items()))
        context = self.free[kind].pop() if self.free[kind] else self.chromium.new_context(**options)
        self.taken.append((kind, context))
        return context

    def give_back(self) -> None:
        for kind, context in self.taken:
            clear(context, self.site)
            self.free[kind].append(context)
        self.taken = []

    def close(self) -> None:
        for contexts in self.free.values():
            for context in contexts:
                context.close()


def clear(context: BrowserContext, site: str) -> None:
    last, *others = context.pages or [context.new_page()]
    for page in others:
        page.close()
    context.unroute_all()
    context.clear_cookies()
    context.clear_permissions()
    stored = {"origin": site, "storageTypes": "local_storage,indexeddb,cache_storage,service_workers"}
    context.new_cdp_session(last).send("Storage.clearDataForOrigin", stored)
    last.close()
