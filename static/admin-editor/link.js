// Links, to any address or to a story of ours found by its headline; and companies, which are links that the page shows
// with their share's move.
import { Extension, Link as StockLink } from "django-prose-editor/editor"
import { oneClass } from "./blocks.js"
import { ask, field, make, Refusal } from "./dialog.js"
import { suggest } from "./suggest.js"

const ADDRESS = /^(?:https?:\/\/\S+|mailto:\S+|\/\S*|#\S+)$/i

export const Link = StockLink.extend({
  addAttributes() {
    return { href: this.parent().href, ...oneClass("company") }
  },

  // The stock dialog asks for a title and a window too; a body has neither.
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        askForLink(editor)
        return true
      },
    }
  },

  addKeyboardShortcuts() {
    return { "Mod-k": ({ editor }) => editor.commands.addLink() }
  },
})

async function askForLink(editor) {
  if (editor.state.selection.empty && !editor.isActive("link")) return
  const was = editor.getAttributes("link").href ?? ""
  const input = make("input", { value: was, autofocus: true })
  const about = "Words of a headline find our own stories. Empty removes the link."
  const fields = [field("Address, or words of a headline", input, about)]
  suggest(input, "/admin/news/article/find/", {
    wants: (typed) => typed.trim() && !/^(?:[a-z]+:|[/#]|www\.)/i.test(typed.trim()),
    take: (story) => { input.value = story.href },
  })
  const href = await ask("Link", "Set", fields, () => {
    const typed = input.value.trim().replace(/^www\./i, "https://www.")
    if (typed && !ADDRESS.test(typed))
      throw new Refusal("Choose a story from the list, or give an address such as https://… or /news/…", input)
    return typed
  })
  const chain = editor.chain().focus().extendMarkRange("link")
  if (href === null || href === was) editor.view.focus()
  else if (href) chain.setLink({ href, class: null }).run()
  else chain.unsetLink().run()
}

export const CompanyChip = Extension.create({
  name: "companyChip",

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "companyChip",
      groups: "inserts",
      button: buttons.text("Company", "Insert a company, with its share’s move"),
      command: (editor) => askForCompany(editor),
      active: (editor) => editor.isActive("link", { class: "company" }),
    })
  },
})

async function askForCompany(editor) {
  const { from, to, empty } = editor.state.selection
  const words = editor.state.doc.textBetween(from, to)
  const input = make("input", { value: words, autofocus: true })
  const fields = [field("Company", input, "Name, other name or ticker.")]
  let taken = null
  suggest(input, "/admin/news/article/find-company/", {
    wants: (typed) => typed.trim(),
    take: (company) => {
      taken = company
      input.value = company.name
    },
  })
  const company = await ask("Company", "Insert", fields, () => {
    if (taken?.name !== input.value) throw new Refusal("Choose a company from the list.", input)
    return taken
  })
  if (!company) return editor.view.focus()
  const attrs = { href: company.href, class: "company" }
  if (!empty) return editor.chain().focus().setLink(attrs).run()
  editor.chain().focus().insertContent({ type: "text", text: company.name, marks: [{ type: "link", attrs }] }).run()
}
