// The page as readers would get it, beside the form, from what is typed. Each look is a frame of its own that the fields
// are posted to: it takes the place of the one before once it is there, so nothing flickers and Back leads nowhere new.
const REST_MS = 500 // Typing that has rested for that long is shown.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("article_form")
  const button = document.querySelector("button[name=_preview]")
  const pane = document.querySelector(".preview-pane")
  if (!form || !button || !pane) return
  const stage = pane.querySelector(".preview-stage")
  const wish = { open: false, width: "390", scheme: "light", ...JSON.parse(sessionStorage.preview ?? "{}") }
  let seen = null
  let sent = null
  let timer = null
  let number = 0

  const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => !name.startsWith("_")))

  const fit = () => {
    const scale = Math.min(1, stage.clientWidth / wish.width)
    for (const frame of stage.children) {
      Object.assign(frame.style, {
        width: `${wish.width}px`,
        height: `${stage.clientHeight / scale}px`,
        left: `${Math.max(0, (stage.clientWidth - wish.width) / 2)}px`,
        transform: `scale(${scale})`,
      })
    }
  }

  const post = (fields, target) => {
    const envelope = document.createElement("form")
    Object.assign(envelope, { method: "post", action: button.formAction, target, hidden: true })
    for (const [name, value] of fields) {
      if (typeof value !== "string") continue
      const field = document.createElement("input")
      Object.assign(field, { type: "hidden", name, value })
      envelope.append(field)
    }
    document.body.append(envelope)
    envelope.submit() // Not the article's form: nobody is told that it is being saved.
    envelope.remove()
  }

  const show = (fields) => {
    sent = fields
    const frame = document.createElement("iframe")
    Object.assign(frame, { name: `preview-${(number += 1)}`, title: "Preview", className: "is-loading" })
    stage.append(frame)
    fit()
    frame.addEventListener("load", () => {
      if (frame.contentDocument?.URL === "about:blank") return
      pane.classList.toggle("is-lost", !frame.contentDocument) // Offline, or logged out: the page before stays.
      if (!frame.contentDocument) return frame.remove()
      const before = stage.querySelector("iframe:not(.is-loading)")
      if (before) frame.contentWindow.scrollTo(0, before.contentWindow.scrollY)
      frame.classList.remove("is-loading")
      while (frame.previousSibling) frame.previousSibling.remove()
    })
    post(JSON.parse(fields), frame.name)
  }

  const look = () => {
    const now = typed()
    if (now === seen && now !== sent) show(now)
    seen = now
  }

  const apply = () => {
    sessionStorage.preview = JSON.stringify(wish)
    pane.hidden = !wish.open
    button.setAttribute("aria-expanded", String(wish.open))
    stage.dataset.scheme = wish.scheme
    for (const choice of pane.querySelectorAll("[data-choice]")) {
      choice.setAttribute("aria-pressed", String(wish[choice.dataset.choice] === choice.value))
    }
    clearInterval(timer)
    if (!wish.open) return
    seen = typed()
    timer = setInterval(look, REST_MS)
    fit()
  }

  pane.addEventListener("click", ({ target }) => {
    if (!target.dataset.choice) return
    wish[target.dataset.choice] = target.value
    apply()
  })
  for (const toggle of [button, pane.querySelector("[data-close]")]) {
    toggle.addEventListener("click", (event) => {
      event.preventDefault()
      wish.open = !wish.open
      apply()
      ;(wish.open ? pane : button).focus()
    })
  }
  new ResizeObserver(fit).observe(stage)
  apply()
})
