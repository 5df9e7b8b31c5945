"""Follows every link in the pages of the book; ends with 1 where one leads nowhere."""
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"script": "src", "img": "src", "link": "href", "source": "srcset", "iframe": "src"}


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads = set(), set(), set()
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids |= {attributes.get("id"), attributes.get("name")} - {None}
        if tag == "a" and attributes.get("href"):
            self.links.add(attributes["href"])
        if attributes.get(LOADED.get(tag)):
            self.loads.add(attributes[LOADED[tag]])


folder = Path(sys.argv[1])
pages = {path: Page(path) for path in sorted(folder.glob("*.html")) if path.name not in ("404.html", "toc.html")}
faults, followed = [], 0
for path, page in pages.items():
    for link in page.links | page.loads:
        parts = urlsplit(link)
        if parts.scheme:
            if link in page.loads:
                faults.append(f"{path.name} asks for {link}")
            continue
        followed += 1
        goal = (folder / unquote(parts.path)) if parts.path else path
        if not goal.is_file():
            faults.append(f"{path.name}: {link} leads nowhere")
        elif parts.fragment and goal in pages and unquote(parts.fragment) not in pages[goal].ids:
            faults.append(f"{path.name}: {link}: no such place")
print(f"{len(pages)} pages, {followed} links followed, {len(faults)} faults", *faults, sep="\n")
sys.exit(bool(faults) or len(pages) < 8)
