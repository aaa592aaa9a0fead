"""A real browser for pages: headless Chromium, the machine's own."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = os.environ.get("MEEKMC_BROWSER_REQUIRED") == "1"
PHONE, DESK = 390, 1440
OVERFLOWING = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0)
  .filter(e => getComputedStyle(e).overflowX === 'visible' && !e.closest('.scroll'))
  .filter(e => getComputedStyle(e).display !== 'inline')
  .map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`)"""
"""Elements whose text runs out of them; what scrolls by design is left out."""


@pytest.fixture(scope="module")
def chromium():
    """A browser of this machine; without one the test is skipped, but not in CI."""
    try:
        from playwright import sync_api as playwright
    except ImportError:
        assert not REQUIRED, "a browser is required, and playwright is not installed"
        pytest.skip("playwright is not installed")
    told = os.environ.get("MEEKMC_BROWSER", "")
    path = told or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        assert not REQUIRED, f"no browser: none of {', '.join(NAMES)} is on the path"
        pytest.skip("no browser on this machine")
    with playwright.sync_playwright() as started:
        # Root may not use the sandbox; the pages are the tests' own.
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def watched(page):
    """Errors of a page's console, and requests that leave it, as they come."""
    faults = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    return faults
