"""Our own feeds, as the strictest reader of each format takes them."""

import json

from django.test import Client
from lxml import etree

FORMATS = ("rss", "atom", "json")
STRICT = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)


def read(client: Client, name: str = "latest") -> dict[str, list]:
    """The entries of a feed in each format, as its strictest reader gives them."""
    rss = etree.fromstring(client.get(f"/feeds/{name}.rss").content, STRICT)
    atom = etree.fromstring(client.get(f"/feeds/{name}.atom").content, STRICT)
    document = json.loads(client.get(f"/feeds/{name}.json").content)
    return {"rss": rss.findall(".//item"), "atom": atom.findall("{*}entry"), "json": document["items"]}


def titles(client: Client, name: str = "latest") -> dict[str, list[str]]:
    found = read(client, name)
    return {
        "rss": [item.findtext("title") for item in found["rss"]],
        "atom": [entry.findtext("{*}title") for entry in found["atom"]],
        "json": [item["title"] for item in found["json"]],
    }


def in_all(value) -> dict:
    return dict.fromkeys(FORMATS, value)
