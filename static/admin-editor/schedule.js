// The button that publishes says so when it will be later: “Schedule for Mon 6:00 a.m.”, by the fields beside it and the
// clock of the publication's zone.
const DAY_MS = 24 * 3600 * 1000

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button[name=_publish][data-zone]")
  if (!button) return
  const timeZone = button.dataset.zone

  const update = () => {
    const due = typed("published_at") ?? typed("embargo_until")
    const now = wallClock(timeZone)
    const label = due > now ? `Schedule for ${inWords(due, now)}` : "Publish"
    if (button.textContent.trim() !== label) button.textContent = label
  }

  // The calendar beside a field sets it without an event, and time passes without one.
  setInterval(update, 1000)
  document.getElementById("article_form").addEventListener("input", update)
  update()
})

// What stands in the two fields of that name, as if the zone were UTC; null unless both can be read.
function typed(name) {
  const [date, time] = [0, 1].map((part) => document.getElementById(`id_${name}_${part}`)?.value.trim() ?? "")
  const clock = /^(\d{1,2})(?::(\d\d))?(?::\d\d)?\s*(?:([ap])\.?\s?m\.?)?$/i.exec(time)
  if (!clock || !(clock[2] || clock[3]) || !/^\d{4}-\d\d-\d\d$/.test(date)) return null
  const hour = clock[3] ? (clock[1] % 12) + (clock[3].toLowerCase() === "p" ? 12 : 0) : Number(clock[1])
  const moment = Date.parse(`${date}T${String(hour).padStart(2, "0")}:${clock[2] ?? "00"}Z`)
  return Number.isNaN(moment) ? null : moment
}

function wallClock(timeZone) {
  return Date.parse(`${new Date().toLocaleString("sv-SE", { timeZone }).replace(" ", "T")}Z`)
}

function inWords(due, now) {
  const moment = new Date(due)
  const say = (options) => moment.toLocaleString("en-US", { timeZone: "UTC", ...options })
  const day = due - now < 6 * DAY_MS ? say({ weekday: "short" }) : `${say({ month: "short", day: "numeric" })},`
  const clock = say({ hour: "numeric", minute: "2-digit" }).replace(/\s*AM$/, " a.m.").replace(/\s*PM$/, " p.m.")
  return `${day} ${clock}`
}
