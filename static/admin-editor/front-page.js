// The front page desk: stories are dragged to places, or put there with buttons; places without a pin fill themselves
// as the page does. What is chosen goes into the fields of the form, which works without any of this.
const form = document.querySelector(".front-places")
const places = [...form.querySelectorAll("[data-place]")]
const stories = document.querySelector("[data-stories]")
const said = form.querySelector("[role=status]")
const cards = new Map() // Of every story that this page has shown, by its key.
const spare = [...document.querySelectorAll("[data-spare] [data-story]")].map((card) => card.dataset.story)

const part = (place, name) => form.elements[`place-${place.dataset.place}-${name}`]
const nameOf = (at) => (at ? `number ${at + 1}` : "the lead")
const titleOf = (story) => `“${cards.get(story).querySelector("h3").textContent}”`
const is = (story, mark) => mark in cards.get(story).dataset

const learn = (root) => {
  for (const card of root.querySelectorAll("[data-story]")) {
    if (!cards.has(card.dataset.story)) cards.set(card.dataset.story, card.cloneNode(true))
  }
}
learn(document)

// What is pinned in each place: {story, until}, or null where the place fills itself.
const pinned = places.map((place) => {
  const story = part(place, "article").value
  return cards.has(story) ? { story, until: part(place, "until").value } : null
})
const placeOf = (story) => pinned.findIndex((pin) => pin?.story === story)

// What stands in the places that no live pin holds: news/front.py does the same.
const automatic = () => {
  const isHeld = (at) => pinned[at] && !is(pinned[at].story, "toCome")
  const free = spare.filter((story) => placeOf(story) < 0)
  const lead = isHeld(0) ? -1 : free.findIndex((story) => is(story, "hasPicture"))
  if (lead > 0) free.unshift(...free.splice(lead, 1))
  return places.map((_, at) => (isHeld(at) ? undefined : free.shift()))
}

const draw = () => {
  const fills = automatic()
  places.forEach((place, at) => {
    const pin = pinned[at]
    const story = pin?.story ?? fills[at]
    const select = part(place, "article")
    if (pin && !select.querySelector(`option[value="${pin.story}"]`)) select.add(new Option(titleOf(pin.story), pin.story))
    select.value = pin?.story ?? ""
    part(place, "until").value = pin?.until ?? ""
    place.classList.toggle("is-pinned", Boolean(pin))
    place.querySelector("[data-card]").replaceChildren(...(story ? [cards.get(story).cloneNode(true)] : []))
    place.querySelector("[data-note]").textContent = !pin ? "Automatic" : fills[at] ? `Until it is out: ${titleOf(fills[at])}` : ""
    for (const button of place.querySelectorAll("[data-step]")) {
      const isOff = { up: at === 0, down: at === places.length - 1, pin: !story }[button.dataset.step]
      button.hidden = (button.dataset.step === "pin") === Boolean(pin) || Boolean(isOff)
    }
  })
  for (const card of stories.querySelectorAll("[data-story]")) {
    const at = placeOf(card.dataset.story)
    const seen = at < 0 ? fills.indexOf(card.dataset.story) : at
    card.parentElement.querySelector("[data-where]").textContent = seen < 0 ? "" : `Now ${nameOf(seen)}${at < 0 ? "" : ", pinned"}.`
  }
}

const change = (words) => {
  said.textContent = `${words} Not saved yet.`
  form.dataset.isChanged = "yes"
  draw()
}

// What stands in the way moves one place on: towards the place that the story has left, else down to the next free one.
const put = (story, to) => {
  const from = placeOf(story)
  let moving = from < 0 ? { story, until: "" } : pinned[from]
  if (from >= 0) pinned[from] = null
  for (let at = to; moving && at < places.length; at += from >= 0 && from < to ? -1 : 1) {
    [pinned[at], moving] = [moving, pinned[at]]
  }
  change(`${titleOf(story)} is pinned as ${nameOf(to)}.${moving ? ` ${titleOf(moving.story)} has lost its place.` : ""}`)
}

const takeOut = (at) => {
  const { story } = pinned[at]
  pinned[at] = null
  change(`${titleOf(story)} is taken out.`)
}

const step = (name, at) => {
  const to = at + { up: -1, down: 1 }[name]
  if (name === "out") takeOut(at)
  else if (name === "pin") put(places[at].querySelector("[data-story]").dataset.story, at)
  else put(pinned[at].story, to)
  const place = places[Number.isNaN(to) ? at : to]
  const next = [place.querySelector(`[data-step=${name}]`), ...place.querySelectorAll("[data-step]")]
  next.find((button) => !button.hidden)?.focus()
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-step], [data-pin]")
  if (!button) return
  if (button.dataset.step) step(button.dataset.step, Number(button.closest("[data-place]").dataset.place))
  else put(button.closest("li").querySelector("[data-story]").dataset.story, Number(button.dataset.pin))
})

form.addEventListener("input", ({ target }) => {
  const at = places.findIndex((place) => part(place, "until") === target)
  if (at < 0 || !pinned[at]) return
  pinned[at].until = target.value
  form.dataset.isChanged = "yes"
})

// Dragging: a card onto a place, or a pinned one back among the stories.
let dragged = null
const targetOf = ({ target }) => (dragged ? target.closest?.("[data-place], .front-stories") : null)
const light = (over) => {
  for (const one of document.querySelectorAll(".is-over")) one.classList.remove("is-over")
  over?.classList.add("is-over")
}
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-story]")?.dataset.story ?? null
  if (dragged) event.dataTransfer.effectAllowed = "move"
})
document.addEventListener("dragover", (event) => {
  const over = targetOf(event)
  light(over)
  if (over) event.preventDefault()
})
document.addEventListener("dragend", () => { dragged = null; light(null) })
document.addEventListener("drop", (event) => {
  const over = targetOf(event)
  if (!over) return
  event.preventDefault()
  if (over.dataset.place) put(dragged, Number(over.dataset.place))
  else if (placeOf(dragged) >= 0) takeOut(placeOf(dragged))
})

// Searching keeps what is chosen.
const search = document.querySelector("[role=search]")
let typing
const look = async () => {
  const answer = await fetch(`?${new URLSearchParams(new FormData(search))}`)
  if (!answer.ok) return
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  stories.replaceChildren(...page.querySelector("[data-stories]").children)
  learn(stories)
  draw()
}
search.addEventListener("submit", (event) => { event.preventDefault(); look() })
search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(look, 250) })

document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return
  event.preventDefault()
  form.requestSubmit()
})
if (form.querySelector(".front-theirs, .errorlist")) form.dataset.isChanged = "yes" // What was sent was refused.
form.addEventListener("submit", () => { delete form.dataset.isChanged })
window.addEventListener("beforeunload", (event) => { if (form.dataset.isChanged) event.preventDefault() })

document.querySelector(".front-desk").classList.add("has-script")
draw()
