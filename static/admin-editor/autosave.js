// What is typed into the article's form is kept on the server every 20 seconds, and when the tab is hidden or closed,
// so that a crash loses no more than that. Ctrl-S or Cmd-S presses the first button, which never publishes.
const EVERY_MS = 20_000

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("article_form")
  const address = form?.querySelector("[data-autosave]")?.dataset.autosave
  if (!address) return
  let kept = null
  let isSaving = false

  const typed = () => {
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value)
    return fields
  }

  const keep = (send) => {
    const fields = typed()
    if (isSaving || kept === null || fields.toString() === kept) return
    kept = fields.toString()
    send(fields)
  }

  const post = async (body) => {
    try {
      const answer = await fetch(address, { method: "POST", body })
      if (!answer.ok) kept = ""
    } catch {
      kept = "" // Offline: the next round tries again.
    }
  }

  // The editor tidies the body once it stands; only what comes after that has been typed.
  setTimeout(() => { kept ??= typed().toString() }, 1000)
  setInterval(() => keep(post), EVERY_MS)
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep((fields) => navigator.sendBeacon(address, fields))
  })
  form.addEventListener("submit", () => { isSaving = true })

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    if (!event.repeat) document.querySelector(".save-button")?.click()
  })
})
