// Reads the chart where the pointer is, or by the arrow keys: a line, and the price with its time. The places come from
// the line that is drawn, prices and times from the chart's attributes (tickers/chart.py wrote all three).
const plot = document.querySelector(".chart-plot");
if (plot) read(plot);

function read(plot) {
  const line = plot.querySelector(".chart-line");
  const steps = line.getAttribute("d").match(/-?\d+/g).map(Number);
  const prices = plot.dataset.prices.split(" ");
  const day = "days" in plot.dataset ? { year: "numeric" } : { hour: "numeric", minute: "2-digit" };
  const words = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", ...day, timeZone: "America/New_York" });
  let x = 0, y = 0, time = 0;
  const values = plot.dataset.times.split(" ").map((minutes, i) => ({
    x: (x += steps[2 * i]),
    y: (y += steps[2 * i + 1]),
    text: `${prices[i]}, ${words.format((time += parseInt(minutes, 36)) * 60000)}`,
  }));

  const reading = plot.appendChild(document.createElementNS(plot.namespaceURI, "g"));
  reading.setAttribute("class", "chart-reading");
  reading.innerHTML = '<line y2="100%"/><circle r="5"/><text y="-8"/>';
  const [rule, dot, text] = reading.children;

  const keys = document.createElement("input");
  Object.assign(keys, { type: "range", className: "chart-keys", min: 0, max: values.length - 1, ariaLabel: "Read the chart" });
  keys.value = values.length - 1;
  plot.after(keys);

  function show(i) {
    const { x, y, text: words } = values[i];
    for (const [node, name] of [[rule, "x1"], [rule, "x2"], [dot, "cx"], [text, "x"]]) node.setAttribute(name, `${x / 10}%`);
    dot.setAttribute("cy", `${y / 3}%`);
    text.setAttribute("text-anchor", x < 250 ? "start" : x > 750 ? "end" : "middle");
    text.textContent = keys.ariaValueText = words;
    keys.value = i;
    reading.classList.add("is-shown");
  }

  plot.addEventListener("pointermove", (event) => {
    const box = plot.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * 1000;
    show(values.reduce((best, value, i) => (Math.abs(value.x - at) < Math.abs(values[best].x - at) ? i : best), 0));
  });
  for (const [node, name] of [[plot, "pointerleave"], [keys, "blur"]]) node.addEventListener(name, () => reading.classList.remove("is-shown"));
  for (const name of ["focus", "input"]) keys.addEventListener(name, () => show(keys.valueAsNumber));
}
