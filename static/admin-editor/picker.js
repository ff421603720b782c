// The picture picker: choose one of the newsroom's pictures or upload another one, without leaving the article's form.
import { ask, field, get, make, Refusal, wordsOf } from "./dialog.js"
import { pointAt } from "./focal.js"

const PICK = "/admin/news/picture/pick/"
const UPLOAD = "/admin/news/picture/upload/"
// The theme follows every file input to a text field of its own, unless it believes that it does so already.
const FILE = { type: "file", accept: "image/*", hasChangeListener: true }
const MOST_BYTES = 20 * 1024 * 1024

// Resolves with { pk, title, src, thumbnail, alt, caption, credit }, or with null.
export async function pickPicture(file = null) {
  if (file) return uploadPicture(file)
  for (;;) {
    const answer = await choosePicture()
    const picture = answer instanceof File ? await uploadPicture(answer) : answer
    if (picture || !answer) return picture
  }
}

function choosePicture() {
  const search = make("input", { type: "search", placeholder: "Alt text, caption or credit" })
  const pictures = make("div", { className: "picker-pictures" })
  const older = make("button", { type: "button", textContent: "Older pictures", hidden: true })
  const said = make("p", { className: "dialog-help", role: "status" })
  const upload = uploadButton((file) => close(file))
  let asking = new AbortController()
  let before = ""

  const look = async () => {
    asking.abort()
    asking = new AbortController()
    const found = await get(PICK, { q: search.value, before }, asking.signal)
    if (!before) pictures.replaceChildren()
    pictures.append(...found.pictures.map((picture) => pictureButton(picture, close)))
    said.textContent = pictures.childElementCount ? "" : "No picture found."
    before = found.before ?? ""
    older.hidden = !before
    upload.hidden = !found.may_upload
  }
  const show = () =>
    look().catch((error) => {
      if (error.name !== "AbortError") said.textContent = wordsOf(error)
    })

  let timer = 0
  search.addEventListener("input", () => {
    clearTimeout(timer)
    before = ""
    timer = setTimeout(show, 200)
  })
  older.addEventListener("click", show)
  show()

  let answer = null
  const close = (given) => {
    answer = given
    upload.closest("dialog").close()
  }
  const content = [upload, field("Find a picture", search), said, pictures, older]
  return ask("Picture", "", content, () => null).then(() => answer)
}

function pictureButton(picture, choose) {
  const image = make("img", { src: picture.thumbnail, alt: "", loading: "lazy" })
  const button = make("button", { type: "button" }, image, make("span", { textContent: picture.title }))
  button.addEventListener("click", () => choose(picture))
  return button
}

function uploadButton(take) {
  // It covers its label, unseen, so that a file can be dropped anywhere on it.
  const input = make("input", FILE)
  input.addEventListener("change", () => input.files[0] && take(input.files[0]))
  const words = ["Drop a picture here, or ", make("u", { textContent: "choose a file" })]
  return make("label", { className: "picker-drop" }, ...words, input)
}

async function uploadPicture(file) {
  const image = make("img", { src: URL.createObjectURL(file), alt: "" })
  const input = {
    upload: make("input", FILE),
    alt: make("input", { maxLength: 250, autofocus: true }),
    is_decorative: make("input", { type: "checkbox" }),
    caption: make("input", { maxLength: 400 }),
    credit: make("input", { maxLength: 120 }),
    focal_x: make("input", { type: "hidden", value: "0.5" }),
    focal_y: make("input", { type: "hidden", value: "0.5" }),
  }
  const crops = make("div", { className: "focal-crops" })
  const view = make("div", { className: "focal" }, image, crops)
  pointAt(image, input.focal_x, input.focal_y, crops)
  input.upload.addEventListener("change", () => {
    if (!input.upload.files[0]) return
    file = input.upload.files[0]
    image.src = URL.createObjectURL(file)
  })
  const fields = [
    make("p", { className: "dialog-help", textContent: "Press on what every crop has to keep." }),
    view,
    field("Another file", input.upload),
    field("Alt text", input.alt, "What it shows, for people who cannot see it."),
    field("Decorative: it says nothing that the text does not", input.is_decorative),
    field("Caption", input.caption),
    field("Credit", input.credit),
  ]
  return ask("Upload a picture", "Upload", fields, () => send(file, input))
}

async function send(file, input) {
  if (file.size > MOST_BYTES)
    throw new Refusal("The file is larger than 20 MB. Export it smaller and try again.", input.upload)
  const body = new FormData()
  for (const [name, { type, value, checked }] of Object.entries(input))
    if (type !== "checkbox" || checked) body.append(name, name === "upload" ? file : value)
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
  const answer = await fetch(UPLOAD, { method: "POST", body })
  if (!answer.ok) throw new Refusal("The server has refused it: you have been logged out, or may not upload.")
  const { picture, errors } = await answer.json()
  for (const [name, [words]] of Object.entries(errors ?? {})) throw new Refusal(words, input[name])
  return picture
}
