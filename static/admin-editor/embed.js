// Embeds: a figure with a link to the video or the recording, which the page makes a player of (news/embeds.py).
import { Node } from "django-prose-editor/editor"
import { insertBlock, leaveBlock, positionAround } from "./blocks.js"
import { ask, field, get, make, Refusal } from "./dialog.js"

export const Embed = Node.create({
  name: "embed",
  group: "block",
  content: "embedLink caption?",
  isolating: true,
  draggable: true,

  parseHTML: () => [{ tag: "figure.embed:has(> a[href])", priority: 100 }],
  renderHTML: () => ["figure", { class: "embed" }, 0],

  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => leaveBlock(editor, ["embedLink"], "embed") }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "embed",
      groups: "inserts",
      button: buttons.text("Embed", "Embed a YouTube video or audio"),
      command: (editor) => askForEmbed(editor),
      active: (editor) => editor.isActive("embed"),
    })
  },
})

// The words of the link are written in place.
export const EmbedLink = Node.create({
  name: "embedLink",
  content: "text*",
  marks: "",
  defining: true,

  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [{ tag: "figure.embed > a[href]", priority: 100 }],
  renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
})

async function askForEmbed(editor) {
  const position = positionAround(editor, "embed")
  const link = position === null ? null : editor.state.doc.nodeAt(position).firstChild
  const address = make("input", { type: "url", value: link?.attrs.href ?? "" })
  const title = make("input", { value: link?.textContent ?? "" })
  const fields = [
    field("Address", address, "Of a YouTube video, or of an audio file (.mp3, .m4a)."),
    field("Title", title, "Readers see it before they press play."),
  ]
  const answer = await ask("Embed", link ? "Set" : "Insert", fields, async () => {
    const { href, refused } = await get("/admin/news/article/embed/", { address: address.value })
    if (refused) throw new Refusal(refused, address)
    if (!title.value.trim()) throw new Refusal("Say what it is: the title is what readers press.", title)
    return { type: "embedLink", attrs: { href }, content: [{ type: "text", text: title.value.trim() }] }
  })
  if (!answer) editor.view.focus()
  else if (!link) insertBlock(editor, { type: "embed", content: [answer] })
  else editor.chain().focus().insertContentAt({ from: position + 1, to: position + 1 + link.nodeSize }, answer).run()
}
