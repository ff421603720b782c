// The desk's pages of editions: state and progress update by themselves, the preview changes its dress, and what is
// typed into subject and preheader is counted.
const MOVING_MS = 3_000
const RESTING_MS = 20_000
const TYPED_MS = 1_500

const keepUp = () => {
  const states = [...document.querySelectorAll("[data-edition]")]
  const isOver = (cell) => ["complete", "cancelled", "skipped", "expired"].includes(cell.dataset.status)

  const show = (found) => {
    for (const cell of states) {
      const edition = found[cell.dataset.edition]
      if (edition) Object.assign(cell, { textContent: edition.state }).dataset.status = edition.status
    }
    for (const cell of document.querySelectorAll("[data-edition-progress]")) {
      const edition = found[cell.dataset.editionProgress]
      if (edition) cell.textContent = edition.words
    }
  }

  const look = async () => {
    const ids = states.filter((cell) => !isOver(cell)).map((cell) => cell.dataset.edition)
    if (!ids.length) return
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(`${location.pathname.split("/edition/")[0]}/edition/progress/?ids=${ids.join(",")}`)
        if (answer.ok) show(await answer.json())
      } catch {
        // Offline for the moment: what is shown stays, and the next look tries again.
      }
    }
    const isMoving = states.some((cell) => cell.dataset.status === "sending")
    setTimeout(look, isMoving ? MOVING_MS : RESTING_MS)
  }
  look()
}

// The preview begins with the saved mail. What is typed is sent to the server, which sets the mail and keeps nothing.
const dressPreview = () => {
  const frame = document.querySelector(".edition-preview iframe")
  if (!frame) return
  const kinds = document.querySelectorAll("[data-preview]")
  let kind = "light"
  let typed = null

  const show = () => {
    if (typed && kind === "text") {
      const pre = document.createElement("pre")
      pre.textContent = typed.text
      frame.srcdoc = pre.outerHTML
    } else if (typed) {
      frame.srcdoc = typed[kind]
    } else {
      frame.src = frame.dataset.base.replace(/light\/$/, `${kind}/`)
    }
  }
  for (const button of kinds) {
    button.addEventListener("click", () => {
      kind = button.dataset.preview
      show()
      for (const other of kinds) other.setAttribute("aria-pressed", String(other === button))
    })
  }
  const phone = document.querySelector("[data-phone]")
  phone.addEventListener("click", () => phone.setAttribute("aria-pressed", String(frame.classList.toggle("is-phone"))))
  followTyping((answer) => { typed = answer; show() })
}

const followTyping = (take) => {
  const form = document.getElementById("edition_form")
  const hint = document.querySelector("[data-typed]")
  if (!form || !hint.dataset.typed) return
  const words = () => new URLSearchParams(new FormData(form)).toString()
  let last = null
  setTimeout(() => { last ??= words() }, 1000) // The selects fill themselves first.

  const look = async () => {
    const now = words()
    if (last === null || now === last) return
    last = now
    try {
      const answer = await fetch(hint.dataset.typed, { method: "POST", body: new URLSearchParams(now) })
      const found = answer.ok ? await answer.json() : null
      if (found?.is_sound) {
        take(found)
        showChecks(found.checks)
        hint.textContent = "The mail with what you have typed. It is not saved yet."
      } else {
        hint.textContent = "What you have typed cannot be saved as it is. The preview shows the mail before that."
      }
    } catch {
      last = "" // Offline: the next look tries again.
    }
  }
  setInterval(look, TYPED_MS)
}

const showChecks = (checks) => {
  document.querySelector(".edition-checks").replaceChildren(...checks.map((check) => {
    const line = document.createElement("li")
    line.dataset.fine = check.is_fine ? "yes" : "no"
    line.textContent = `${check.is_fine ? "✓" : "✗"} ${check.words}`
    return line
  }))
}

const count = (field) => {
  const words = document.createElement("small")
  words.className = "edition-count"
  const show = () => { words.textContent = `${[...field.value].length} characters` }
  field.after(words)
  field.addEventListener("input", show)
  show()
}

document.addEventListener("DOMContentLoaded", () => {
  keepUp()
  dressPreview()
  document.querySelectorAll("[data-count]").forEach(count)
})
