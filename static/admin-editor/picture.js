// The page of a picture: its focal point by pointing, also on a file that is only just chosen.
import { make } from "./dialog.js"
import { pointAt } from "./focal.js"

const [x, y] = ["id_focal_x", "id_focal_y"].map((id) => document.getElementById(id))
if (x && y) {
  const image = make("img", { alt: "" })
  const crops = make("div", { className: "focal-crops" })
  const place = make("div", { className: "focal", hidden: true }, image, crops)
  x.closest("fieldset").append(place)
  pointAt(image, x, y, crops)

  const show = (address) => {
    image.src = address
    place.hidden = false
  }
  const saved = document.querySelector(".picture-preview")
  if (saved) show(saved.src)
  document.getElementById("id_upload")?.addEventListener("change", ({ target }) => {
    if (target.files[0]) show(URL.createObjectURL(target.files[0]))
  })
}
