// Keeps the figures of the strip, of the movers above it and of the companies in a text new: looks at /quotes.json when
// the server says, and changes text where it stands, so the row moves on undisturbed. A hidden tab does not look, and
// Pause holds the figures as well as the row.

const MARKS = { up: "▲", down: "▼", unchanged: "=", noted: "·" };
const LONGEST_WAIT_S = 600;

const strip = document.querySelector(".strip");
if (strip) {
  keepNew(strip);
  offerOwnList(strip.querySelector(".strip-edit"));
}

// Only readers who have a list of their own, or want one, load what makes it.
function offerOwnList(button) {
  const load = () => import(button.dataset.module);
  button.addEventListener("click", async () => (await load()).edit());
  try {
    if (localStorage.getItem("strip")) load();
  } catch {
    // No storage, no list.
  }
}

function keepNew(strip) {
  const pause = strip.querySelector(".strip-pause input");
  let nextPollS = Number(strip.dataset.nextPollS);
  let failures = 0;
  let timer = 0;
  let isLooking = false;

  const isHeld = () => document.hidden || pause.checked;

  function wait() {
    clearTimeout(timer);
    const seconds = Math.min(nextPollS * 2 ** failures, Math.max(nextPollS, LONGEST_WAIT_S));
    if (!isHeld()) timer = setTimeout(look, seconds * 1000);
  }

  async function look() {
    clearTimeout(timer);
    if (isHeld() || isLooking) return;
    isLooking = true;
    try {
      const response = await fetch("/quotes.json", { cache: "no-cache", signal: AbortSignal.timeout(10_000) });
      if (!response.ok) throw new Error(`quotes.json: ${response.status}`);
      const found = await response.json();
      nextPollS = found.next_poll_s;
      failures = 0;
      if (!pause.checked) show(strip, found);
    } catch {
      failures += 1;
    } finally {
      isLooking = false;
      wait();
    }
  }

  document.addEventListener("visibilitychange", look);
  pause.addEventListener("change", look);
  wait();
}

function show(strip, found) {
  const [text, short] = strip.querySelector(".strip-status").children;
  write(text.firstChild, found.status);
  write(short.firstChild, found.status_short);
  const movers = document.querySelector(".movers-now p > span");
  if (movers) write(movers.firstChild, found.status);
  for (const link of document.querySelectorAll(".strip li > a, .movers-now li > a, a.company:has(i)")) {
    const [ticker, price, move] = link.children;
    const quote = found.quotes[ticker.textContent];
    if (quote) showQuote(link, price, move, quote);
  }
}

function showQuote(link, price, move, quote) {
  const direction = quote.note ? "noted" : quote.direction;
  const [mark, figures] = move.childNodes;
  const isNewPrice = write(price.firstChild, quote.price);
  write(mark.firstChild, MARKS[direction]);
  write(figures, quote.note || `${quote.change} (${quote.percent})`);
  if (move.className !== direction) {
    move.className = direction;
    mark.ariaLabel = direction;
  }
  if (!isNewPrice) return;
  link.classList.add("is-new");
  link.addEventListener("animationend", () => link.classList.remove("is-new"), { once: true });
}

function write(node, text) {
  const isNew = node.data !== text;
  if (isNew) node.data = text;
  return isNew;
}
