"""axe on a page: what shuts somebody out."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # To describe all that is right takes longer than to find what is wrong.
}


def violations(page: Page) -> str:
    """axe's report, empty when it finds nothing wrong."""
    found = Axe().run(page, options=OPTIONS)
    return found.generate_report() if found.violations_count else ""
