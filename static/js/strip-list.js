// The reader's own strip: which symbols, in which order. It is kept in this browser only, and the row's own cells are
// put in order and hidden, so what moves and what keeps them new goes on. Whatever cannot be read is the full strip.

const KEY = "strip";

const lists = document.querySelectorAll(".strip-run ul");
const full = [...lists[0].children].map(tickerOf);
const own = read();
if (own.length) show(own);

function tickerOf(item) {
  return item.querySelector("b").textContent;
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(kept) ? [...new Set(kept)].filter((ticker) => full.includes(ticker)) : [];
  } catch {
    return [];
  }
}

function keep(own) {
  try {
    if (own) localStorage.setItem(KEY, JSON.stringify(own));
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage the list holds until the page is left.
  }
}

function show(own) {
  for (const list of lists) {
    const items = Object.fromEntries([...list.children].map((item) => [tickerOf(item), item]));
    for (const ticker of full) items[ticker].hidden = !own.includes(ticker);
    list.append(...[...new Set([...own, ...full])].map((ticker) => items[ticker]));
  }
}

export function edit() {
  if (document.querySelector(".strip-list")) return;
  const shown = [...lists[0].children].filter((item) => !item.hidden).map(tickerOf);
  const dialog = document.createElement("dialog");
  dialog.className = "strip-list";
  dialog.ariaLabel = "Your own strip";
  dialog.innerHTML = `<form method="dialog">
    <h2>Your own strip</h2>
    <p>Choose symbols and put them in order. The list stays in this browser.</p>
    <ul></ul>
    <p role="status" class="hidden"></p>
    <p class="strip-list-ways">
      <button class="button" value="own">Use my list</button>
      <button value="full">Back to the full strip</button>
      <button value="">Cancel</button>
    </p>
  </form>`;
  const rows = dialog.querySelector("ul");
  const chosen = () => [...rows.children].filter((row) => row.querySelector("input").checked).map(tickerOf);
  rows.append(...[...new Set([...shown, ...full])].map((ticker) => makeRow(ticker, shown.includes(ticker))));
  rows.addEventListener("click", (event) => move(event.target, dialog.querySelector("[role=status]")));
  rows.addEventListener("change", () => {
    dialog.querySelector("[value=own]").disabled = !chosen().length;
  });
  dialog.addEventListener("close", () => {
    const own = dialog.returnValue === "own" ? chosen() : null;
    if (dialog.returnValue) {
      show(own ?? full);
      keep(own);
    }
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function makeRow(ticker, isShown) {
  const row = document.createElement("li");
  row.innerHTML = `<label><input type="checkbox"> <b></b></label>
    <button type="button" data-way="up">▲</button> <button type="button" data-way="down">▼</button>`;
  row.querySelector("b").textContent = ticker;
  row.querySelector("input").checked = isShown;
  for (const button of row.querySelectorAll("button")) button.ariaLabel = `Move ${ticker} ${button.dataset.way}`;
  return row;
}

// The neighbour is moved, not the row itself, which would lose the focus.
function move(button, said) {
  const row = button.closest("li");
  if (button.dataset.way === "up" && row.previousElementSibling) row.after(row.previousElementSibling);
  else if (button.dataset.way === "down" && row.nextElementSibling) row.before(row.nextElementSibling);
  else return;
  const rows = [...row.parentElement.children];
  said.textContent = `${tickerOf(row)}: ${rows.indexOf(row) + 1} of ${rows.length}`;
}
