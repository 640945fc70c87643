"""The search in a browser, from files on disk, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

expect.set_options(timeout=30_000)


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def site(built):
    return built / "reports/site"


def test_a_search_from_a_chapter_lists_sections_that_it_leads_to(page, site):
    page.goto((site / "chapter_4_outcomes.html").as_uri())
    page.get_by_label("Zoeken").fill("landelijke beleidslijn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoeken.html#*")
    expect(page.get_by_role("status")).to_contain_text("onderdelen gevonden")
    first = page.locator("#search-found a").first
    expect(page.locator("#search-found mark").first).to_have_text("landelijke")
    url = first.get_attribute("href")
    first.click()
    page.wait_for_url(f"**/{url}")


def test_accents_and_case_do_not_matter_and_nonsense_is_told(page, site):
    page.goto((site / "zoeken.html").as_uri())
    field = page.get_by_label("Zoeken")
    field.fill("BEINVLOEDEN")
    expect(page.locator("#search-found mark").first).to_have_text("beïnvloeden")
    field.fill("zzqx")
    expect(page.get_by_role("status")).to_have_text("Niets gevonden.")
    field.fill("")
    expect(page.locator("#search-found")).to_be_hidden()


def test_the_single_page_searches_itself(page, built):
    page.goto((built / "reports/downloads/rapport.html").as_uri())
    page.get_by_label("Zoeken").fill("beleidslijn")
    link = page.locator("#search-found a").first
    expect(link).to_be_visible()
    target = link.get_attribute("href")
    assert page.locator(target).count() == 1


def test_without_javascript_the_search_is_not_there(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert not page.locator("#search").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    context.close()
