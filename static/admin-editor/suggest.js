// Suggestions under a field, found on the server while one types: arrows choose, Enter takes, Escape closes the list.
// `wants` says whether what is typed is to be looked up; `take` gets the chosen { name, note, href }.
import { get, make } from "./dialog.js"

const AFTER_MS = 150

export function suggest(input, address, { wants = () => true, take }) {
  const list = make("ul", { className: "suggestions", role: "listbox", hidden: true, id: `${input.id}-list` })
  list.ariaLabel = "Suggestions"
  input.setAttribute("role", "combobox")
  input.setAttribute("aria-controls", list.id)
  Object.assign(input, { ariaAutoComplete: "list", ariaExpanded: "false", autocomplete: "off" })
  input.after(list)
  let found = []
  let active = -1
  let timer = 0
  let asking = new AbortController()

  const close = () => {
    clearTimeout(timer)
    asking.abort()
    mark(-1)
    list.hidden = true
    input.ariaExpanded = "false"
  }

  const mark = (index) => {
    active = index
    list.querySelectorAll("[role=option]").forEach((option, at) => {
      option.ariaSelected = String(at === index)
      if (at === index) option.scrollIntoView({ block: "nearest" })
    })
    if (index < 0) input.removeAttribute("aria-activedescendant")
    else input.setAttribute("aria-activedescendant", `${list.id}-${index}`)
  }

  const choose = (index) => {
    take(found[index])
    close()
  }

  const look = async () => {
    asking.abort()
    asking = new AbortController()
    try {
      ;({ found } = await get(address, { q: input.value }, asking.signal))
    } catch {
      return // Typed on meanwhile, or offline: the next key asks again.
    }
    list.replaceChildren(...found.map(option))
    if (!found.length) list.append(make("li", { className: "suggestions-none", textContent: "Nothing found." }))
    list.hidden = false
    input.ariaExpanded = "true"
    mark(-1)
  }

  const option = ({ name, note }, index) => {
    const item = make("li", { role: "option", id: `${list.id}-${index}` }, name, " ", make("span", { textContent: note }))
    item.addEventListener("mousedown", (event) => event.preventDefault()) // The field keeps the focus.
    item.addEventListener("click", () => choose(index))
    return item
  }

  const lookSoon = () => {
    clearTimeout(timer)
    if (wants(input.value)) timer = setTimeout(look, AFTER_MS)
    else close()
  }

  input.addEventListener("input", lookSoon)
  input.addEventListener("blur", close)
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && list.hidden) lookSoon()
    else if (step && found.length) mark((active + step + found.length) % found.length)
    else if (event.key === "Enter" && active >= 0) choose(active)
    else if (event.key === "Escape" && !list.hidden) close()
    else return
    event.preventDefault()
  })
}
