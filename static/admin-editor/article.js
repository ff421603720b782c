// The article's form: authors keep the order in which they were picked, and the lead picture is shown when it is picked.
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

  const picker = document.getElementById("id_lead_picture")
  if (!picker) return
  const preview = document.createElement("img")
  preview.className = "lead-picture-preview"
  preview.alt = ""
  picker.closest(".field-line").append(preview)
  const show = () => {
    preview.hidden = !picker.value
    if (picker.value) preview.src = picker.dataset.thumbnail.replace("/0/", `/${picker.value}/`)
  }
  $(picker).on("change", show)
  show()
})
