// The dialogs of the body editor and of the article's form: a few fields, what is wrong beside them, and two buttons.
let count = 0

export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

// What was typed cannot be taken; the words are shown beside the input, or above the buttons.
export class Refusal extends Error {
  constructor(words, input = null) {
    super(words)
    this.input = input
  }
}

export function field(words, input, help = "") {
  input.id ||= `dialog-field-${++count}`
  const label = make("label", { htmlFor: input.id, textContent: words })
  const parts = input.type === "checkbox" ? [input, label] : [label, input]
  if (help) parts.push(make("p", { className: "dialog-help", textContent: help }))
  return make("div", { className: "prose-editor-dialog-field" }, ...parts)
}

// Resolves with what `done` returns, or with null when the dialog is closed. A Refusal of `done` keeps it open.
export function ask(title, submitText, content, done) {
  const submit = make("button", { type: "submit", textContent: submitText })
  const cancel = make("button", { type: "button", textContent: "Cancel" })
  const buttons = make("div", { className: "prose-editor-dialog-buttons" }, submit, cancel)
  const heading = make("h3", { className: "prose-editor-dialog-title", textContent: title })
  const form = make("form", { noValidate: true }, heading, ...content, ...(submitText ? [buttons] : []))
  const dialog = make("dialog", { className: "prose-editor-dialog", ariaLabel: title }, form)
  cancel.addEventListener("click", () => dialog.close())

  return new Promise((resolve) => {
    let answer = null
    form.addEventListener("submit", async (event) => {
      event.preventDefault()
      if (submit.disabled) return
      submit.disabled = true
      forget(form)
      try {
        answer = await done()
        dialog.close()
      } catch (refusal) {
        show(refusal, buttons)
      }
      submit.disabled = false
    })
    dialog.addEventListener("close", () => {
      dialog.remove()
      resolve(answer)
    })
    // Ctrl-S would save the article without what is typed here.
    dialog.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      event.stopPropagation()
    })
    // Outside the article's form, which has fields and a submit of its own.
    document.body.append(dialog)
    dialog.showModal()
  })
}

function forget(form) {
  for (const error of form.querySelectorAll(".dialog-error")) error.remove()
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid")
}

export const wordsOf = (error) => (error instanceof Refusal ? error.message : "The server did not answer. Try again.")

function show(refusal, buttons) {
  const error = make("p", { className: "dialog-error", role: "alert", textContent: wordsOf(refusal) })
  if (!refusal.input) return buttons.before(error)
  refusal.input.ariaInvalid = "true"
  refusal.input.parentElement.append(error)
  refusal.input.focus()
}

export async function get(address, parameters, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams(parameters)}`, { signal })
  if (!answer.ok || answer.redirected) throw new Refusal("You have been logged out, or may not do this.")
  return answer.json()
}
