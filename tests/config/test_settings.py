"""What the operator may set: all of it is explained in `.env.example`, and what is wrong is said in plain words."""

import ast
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

EXAMPLE = settings.ROOT / ".env.example"


def names_read() -> set[str]:
    """The first argument of every `env.…("NAME")` and `address("NAME")`."""
    tree = ast.parse((settings.ROOT / "config" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    readers = [call for call in calls if ast.unparse(call.func).startswith(("env.", "address"))]
    first = [call.args[0].value for call in readers if isinstance(call.args[0], ast.Constant)]
    return {str(name) for name in first if str(name).isupper()}


def names_explained() -> set[str]:
    lines = [line.lstrip("# ").partition("=") for line in EXAMPLE.read_text().splitlines()]
    return {name for name, is_set, _ in lines if is_set and name.isupper()}


def test_every_setting_is_explained_in_the_example():
    assert {"SECRET_KEY", "DATABASE_URL", "EXTRA_HOSTS"} <= names_read()
    assert names_read() - names_explained() == set()


@pytest.mark.parametrize("name", ["DATABASE_URL", "EMAIL_URL"])
@pytest.mark.parametrize("password", ["pa/ss", "12/34", "pa?ss"])
def test_a_password_that_breaks_an_address_is_said_in_a_sentence_without_it(name: str, password: str):
    scheme = {"DATABASE_URL": "postgres", "EMAIL_URL": "smtp+tls"}[name]
    said = start(**{name: f"{scheme}://user:{password}@host.example/forecourt"})
    assert f"{name} cannot be read as an address" in said
    assert "/ as %2F" in said
    assert password not in said
    assert "cast" not in said


def test_a_percent_encoded_password_is_read():
    url = "postgres://user:pa%2Fss%23@host.example/forecourt"
    assert start("settings.DATABASES['default']['PASSWORD']", DATABASE_URL=url) == "pa/ss#\n"


def test_older_keys_are_read():
    assert start("settings.SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS="old,older") == "['old', 'older']\n"


def start(wanted: str = "settings", **environ: str) -> str:
    """What reading the settings says in this environment: an error, or what is wanted of them."""
    code = f"from config import settings; print({wanted})"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environ}, cwd=settings.ROOT, capture_output=True, text=True
    )
    return done.stderr or done.stdout


@pytest.mark.django_db
def test_robots_that_ask_for_strange_host_names_do_not_fill_the_log(client: Client, caplog: pytest.LogCaptureFixture):
    assert client.get("/", headers={"host": "strange.example"}).status_code == 400
    assert caplog.records == []
    assert client.get("/no/").status_code == 404
    assert [record.name for record in caplog.records] == ["django.request"]
