// A button that copies what stands in a field.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]")
  if (!button) return
  const field = document.querySelector(button.dataset.copy)
  field.select()
  await navigator.clipboard.writeText(field.value)
  button.textContent = "Copied"
})
