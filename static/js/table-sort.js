// Sorts the table in place when a head is clicked. The head's link does the same on the server, and stays right.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  table.tHead.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(null, "", link.href);
    sort(table, link);
  });
}

function sort(table, link) {
  const column = link.parentElement.cellIndex;
  const isUp = new URL(link.href).searchParams.get("dir") === "asc";
  const value = (row) => row.cells[column].dataset.value;
  const compare = (a, b) => (isNaN(value(a)) ? value(a).localeCompare(value(b), "en") : value(a) - value(b));
  const rows = [...table.tBodies[0].rows].sort((a, b) => !value(a) - !value(b) || (isUp ? compare(a, b) : compare(b, a)));
  table.tBodies[0].append(...rows);
  for (const head of table.tHead.rows[0].cells) {
    const other = head.querySelector("a");
    head.removeAttribute("aria-sort");
    if (other) lead(other, other.dataset.first);
  }
  link.parentElement.ariaSort = isUp ? "ascending" : "descending";
  lead(link, isUp ? "desc" : "asc");
}

function lead(link, way) {
  const url = new URL(link.href);
  url.searchParams.set("dir", way);
  link.href = url;
}
