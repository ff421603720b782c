"""What holds for the whole: who may import whom, what the timetable names, what production is made of."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from config.celery import app

ROOT = settings.ROOT
MAY_READ = {
    "tickers": {"tickers"},
    "news": {"news", "tickers"},
    "newsletter": {"newsletter", "news", "tickers"},
    "launch": {"launch"},
    "scripts": {"scripts"},
}
OURS = {"config", *MAY_READ}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names} & OURS


@pytest.mark.parametrize("package", MAY_READ)
def test_a_package_imports_only_what_stands_below_it(package: str):
    wrong = {
        str(path.relative_to(ROOT)): found - MAY_READ[package]
        for path in (ROOT / package).rglob("*.py")
        if (found := imports(path)) - MAY_READ[package]
    }
    assert wrong == {}


def test_every_entry_of_the_timetable_names_a_real_task_and_expires_before_the_next():
    app.loader.import_default_modules()
    assert app.conf.beat_schedule
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name
        schedule = entry["schedule"]
        period = schedule if isinstance(schedule, float) else 24 * 3600
        assert entry["options"]["expires"] < period, name


def test_every_queue_of_a_task_is_one_that_the_workers_listen_to():
    listened = "quotes,mail,feeds,media,default"
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    assert routed <= set(listened.split(","))
    assert listened in (ROOT / "docker-compose.yml").read_text()
    assert listened in (ROOT / "launch" / "site.py").read_text()


def test_no_template_has_inline_script_or_style():
    for path in (ROOT / "templates").rglob("*.html"):
        if "admin" in path.parts or "mail" in path.parts:
            continue
        text = path.read_text()
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert all("src=" in tag.split(">")[0] for tag in text.split("<script")[1:]), path


def test_every_file_of_the_settings_example_is_read_by_the_settings():
    read = (ROOT / "config" / "settings.py").read_text()
    for line in (ROOT / ".env.example").read_text().splitlines():
        name, is_set, _ = line.lstrip("# ").partition("=")
        if is_set and name.isupper() and name != "POSTGRES_PASSWORD":
            assert f'"{name}"' in read, name
