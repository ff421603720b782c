// The focal point by pointing: a press on the picture sets the two numbers, the arrow keys move them, and two crops show
// what will be left of the picture.
import { make } from "./dialog.js"

const STEP = 0.02
const CROPS = [16 / 9, 1]

// `x` and `y` are the inputs of the numbers; `beside` takes the crops.
export function pointAt(image, x, y, beside) {
  const marker = make("button", { type: "button", className: "focal-marker" })
  const frame = make("div", { className: "focal-frame" })
  image.replaceWith(frame)
  frame.append(image, marker)
  const crops = CROPS.map((ratio) => crop(image, ratio))
  beside.append(...crops.map(({ box }) => box))

  const read = (input) => Math.min(1, Math.max(0, Number(input.value) || 0))

  const show = () => {
    marker.style.left = `${read(x) * 100}%`
    marker.style.top = `${read(y) * 100}%`
    const percent = (input) => Math.round(read(input) * 100)
    marker.ariaLabel = `Focal point: ${percent(x)} % from the left, ${percent(y)} % from the top. Arrow keys move it.`
    for (const { cut } of crops) cut(read(x), read(y))
  }

  const set = (left, top) => {
    x.value = Math.min(1, Math.max(0, left)).toFixed(2)
    y.value = Math.min(1, Math.max(0, top)).toFixed(2)
    show()
  }

  image.addEventListener("click", (event) => {
    const { left, top, width, height } = image.getBoundingClientRect()
    set((event.clientX - left) / width, (event.clientY - top) / height)
    marker.focus()
  })
  marker.addEventListener("keydown", (event) => {
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? []
    if (right === undefined) return
    event.preventDefault()
    set(read(x) + right * STEP, read(y) + down * STEP)
  })
  for (const input of [x, y]) input.addEventListener("input", show)
  image.addEventListener("load", show)
  show()
}

// As the server cuts (news/pictures.py, `crop_box`): as much as fits, with the point in its middle if it can be.
function crop(image, ratio) {
  const copy = make("img", { alt: "" })
  const box = make("div", { className: "focal-crop" }, copy)
  box.style.aspectRatio = ratio
  const cut = (x, y) => {
    if (!image.naturalWidth) return
    copy.src = image.src
    const shape = image.naturalWidth / image.naturalHeight
    const [wide, high] = shape > ratio ? [ratio / shape, 1] : [1, shape / ratio]
    const start = (point, part) => Math.min(1 - part, Math.max(0, point - part / 2))
    copy.style.width = `${100 / wide}%`
    copy.style.transform = `translate(${-start(x, wide) * 100}%, ${-start(y, high) * 100}%)`
  }
  return { box, cut }
}
