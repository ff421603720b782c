"""`deploy/nginx.conf` as nginx itself reads it: only its ports, paths and the web process's address are replaced."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from config.middleware import READER_CACHE
from config.pagecache import PASSED
from launch.ports import free_ports_from

pytestmark = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="needs nginx and openssl (apt install nginx-light)"
)
NGINX = (settings.ROOT / "deploy" / "nginx.conf").read_text()
HOST = "news.example.com"
AROUND = """
daemon off; {user} pid {folder}/pid; error_log {folder}/log; events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


class Web(BaseHTTPRequestHandler):
    """A web process that answers each path as the test last said, and remembers what it was asked."""

    answers: dict[str, tuple[int, str, bytes]] = {}
    asked: list[str] = []
    unchanged: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, cache_control, body = self.answers[self.path]
        etag = f'W/"{hash(body)}"'
        if self.headers.get("If-None-Match") == etag:
            status = 304
            self.unchanged.append(self.path)
        self.send_response(status)
        self.send_header("Cache-Control", cache_control)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Site:
    """What stands behind the two ports of nginx."""

    def __init__(self, folder: Path, http_port: int, https_port: int) -> None:
        self.folder, self.ports = folder, {"http": http_port, "https": https_port}

    def get(self, path: str, host: str = HOST, scheme: str = "https") -> http.client.HTTPResponse:
        port, any_certificate = self.ports[scheme], ssl._create_unverified_context()
        connection = (
            http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=any_certificate)
            if scheme == "https"
            else http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        )
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    web = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=web.serve_forever, args=[0.05], daemon=True).start()
    free = free_ports_from(20000 + os.getpid() % 10000)
    site = Site(folder, next(free), next(free))
    write_files(site, web.server_port)
    process = subprocess.Popen(["nginx", "-e", f"{folder}/log", "-c", f"{folder}/nginx.conf"])
    try:
        wait_for_file(folder / "pid", process)
        yield site
    finally:
        process.terminate()
        process.wait(10)
        web.shutdown()
        web.server_close()


def write_files(site: Site, web_port: int) -> None:
    """The configuration, a certificate of nobody, an answer for the certificate authority."""
    folder = site.folder
    folder.chmod(0o755)
    replaced = {
        "${SITE_URL}": f"https://{HOST}/",
        "listen 80 ": f"listen 127.0.0.1:{site.ports['http']} ",
        "listen 443 ": f"listen 127.0.0.1:{site.ports['https']} ",
        "/var/cache/nginx/pages": f"{folder}/pages",
        "/etc/nginx/tls": str(folder),
        "/srv/": f"{folder}/srv/",
        "web:8000": f"127.0.0.1:{web_port}",
    }
    text = NGINX
    for ours, theirs in replaced.items():
        assert ours in text
        text = text.replace(ours, theirs)
    text = re.sub(r"listen \[::\].*", "", text)  # A machine of tests may have no IPv6.
    said = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    if [int(part) for part in re.findall(r"\d+", said)[:3]] < [1, 25, 1]:
        text = text.replace("http2 on;", "")  # It has no word of its own there.
    (folder / "site.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=test"
    files = ["-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    proof = folder / "srv" / "acme" / ".well-known" / "acme-challenge" / "proof"
    proof.parent.mkdir(parents=True)
    proof.write_text("ours")


def wait_for_file(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 5
    while not path.exists() or not path.read_text():
        assert process.poll() is None, (path.parent / "log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(path: str, status: int = 200, cache_control: str = READER_CACHE, body: bytes = b"first") -> None:
    Web.answers[path] = (status, cache_control, body)


def end_of_freshness() -> None:
    """nginx counts whole seconds."""
    time.sleep(2.1)


def test_what_has_gone_is_gone_soon_and_never_comes_back(site: Site):
    for path in ("/deleted/", "/withdrawn/", "/changed/"):
        answers(path)
        assert site.get(path).body == b"first"
    answers("/deleted/", 404, "no-store", b"")
    answers("/withdrawn/", 410, READER_CACHE, b"gone")
    answers("/changed/", body=b"second")
    end_of_freshness()
    assert site.get("/deleted/").status == 404
    assert site.get("/withdrawn/").status == 410
    assert site.get("/changed/").body == b"second"
    for path in Web.answers:
        answers(path, 503, "no-store", b"down")
    end_of_freshness()
    assert site.get("/deleted/").status == 404
    assert site.get("/withdrawn/").status == 410
    assert (site.get("/changed/").status, site.get("/changed/").body) == (200, b"second")


def test_a_crowd_costs_one_question(site: Site):
    answers("/crowd/")
    Web.asked.clear()
    assert {site.get("/crowd/").body for _ in range(30)} == {b"first"}
    assert len(Web.asked) <= 2  # Two, should a second end meanwhile.


@pytest.mark.parametrize("path", ["/admin/", "/newsletter/manage/token/", "/health/", "/new-form/"])
@pytest.mark.parametrize("cache_control", ["no-store", "max-age=0, no-cache, no-store, must-revalidate, private"])
def test_what_is_not_for_everybody_is_never_kept(site: Site, path: str, cache_control: str):
    for name in (b"Ann", b"Bob"):
        answers(path, cache_control=cache_control, body=name)
        assert site.get(path).body == name


def test_what_the_page_cache_passes_by_nginx_passes_by():
    names = re.findall(r"location ~ \^/\(([a-z|]+)\)/ \{[^}]*proxy_cache off;", NGINX)[0].split("|")
    assert {f"/{name}/" for name in names} | {"/static/"} == set(PASSED)


def test_files_are_kept_as_they_say_and_a_page_that_is_still_right_is_not_sent_again(site: Site):
    answers("/static/site.1.css", cache_control="max-age=315360000, public, immutable")
    answers("/calm/")
    for path in ("/static/site.1.css", "/calm/"):
        site.get(path)
    end_of_freshness()
    Web.asked.clear()
    Web.unchanged.clear()
    assert [site.get(path).body for path in ("/static/site.1.css", "/calm/")] == [b"first", b"first"]
    assert Web.asked == Web.unchanged == ["/calm/"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_is_not_ours_gets_no_answer(site: Site, scheme: str):
    for host in ("other.example.com", "127.0.0.1", f"x{HOST}", "example.com"):
        with pytest.raises(http.client.RemoteDisconnected):
            site.get("/", host, scheme)


@pytest.mark.parametrize(("scheme", "host"), [("http", HOST), ("http", f"www.{HOST}"), ("https", f"WWW.{HOST}")])
def test_every_way_to_the_site_leads_to_its_one_address(site: Site, scheme: str, host: str):
    answer = site.get("/latest/?before=1", host, scheme)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/latest/?before=1")


def test_the_certificate_authority_finds_its_proof_without_tls(site: Site):
    assert site.get("/.well-known/acme-challenge/proof", scheme="http").body == b"ours"
