// The article's form: authors keep the order in which they were picked, and the lead picture is shown when it is picked.
// The theme's button over the actions has no name of its own.
document.addEventListener("DOMContentLoaded", () => {
  const $ = window.django.jQuery

  // Select2 sends the options in the order of the page, so what is picked last goes last.
  $("select[data-keeps-order]").on("select2:select", ({ target, params }) => {
    target.append(params.data.element)
    $(target).trigger("change")
  })

  // A suggested company joins the field at a press; it is filed when the article is saved.
  $("[data-add-company]").on("click", ({ target }) => {
    $("#id_companies").append(new Option(target.textContent, target.dataset.addCompany, true, true)).trigger("change")
    target.remove()
  })

  document.querySelector("#header-inner [x-data] > a[href='#']")?.setAttribute("aria-label", "More actions")

  const picker = document.getElementById("id_lead_picture")
  if (!picker) return
  const preview = document.createElement("img")
  preview.className = "lead-picture-preview"
  preview.alt = ""
  const choose = document.createElement("button")
  choose.type = "button"
  choose.className = "choose-picture"
  choose.textContent = "Choose or upload a picture"
  choose.addEventListener("click", async () => {
    const { pickPicture } = await import("./picker.js")
    const picture = await pickPicture()
    if (picture) $(picker).append(new Option(picture.title, picture.pk, true, true)).trigger("change")
    choose.focus()
  })
  picker.closest(".field-line").append(choose, preview)
  const show = () => {
    preview.hidden = !picker.value
    if (picker.value) preview.src = picker.dataset.thumbnail.replace("/0/", `/${picker.value}/`)
  }
  $(picker).on("change", show)
  show()
})
