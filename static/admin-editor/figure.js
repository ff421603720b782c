// Figures: a picture of ours, chosen or uploaded in the picker, with its alt text, caption, credit and width.
import {
  Caption as StockCaption,
  Figure as StockFigure,
  Image as StockImage,
  Mark,
} from "django-prose-editor/editor"
import { insertBlock, leaveBlock, oneClass, positionAround, toggleClass } from "./blocks.js"
import { ask, field, make, Refusal } from "./dialog.js"
import { pickPicture } from "./picker.js"

const OURS = /\/[0-9a-f]{32}\.jpg$/

export const Figure = StockFigure.extend({
  addAttributes: () => oneClass("wide"),
  // The stock view writes the class "null", and its floating menu takes an image out of its figure.
  addNodeView: () => null,
  addExtensions: () => [],

  addCommands: () => ({
    insertFigure: () => ({ editor, dispatch }) => {
      if (dispatch) setPicture(editor)
      return true
    },
  }),

  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => leaveBlock(editor, ["caption"], "figure") }
  },

  addMenuItems({ menu, buttons }) {
    const item = (name, button, command, more = {}) =>
      menu.defineItem({
        name: `figure:${name}`,
        groups: "figure",
        button,
        command,
        hidden: (editor) => !editor.isActive("figure"),
        ...more,
      })
    menu.defineItem({
      name: "figure",
      groups: "inserts",
      button: buttons.material("image", "Insert or replace a picture"),
      command: (editor) => editor.commands.insertFigure(),
      active: (editor) => editor.isActive("figure"),
    })
    item("alt", buttons.text("Alt text", "Say what the picture shows"), askForAlt)
    item("caption", buttons.text("Caption", "Write a caption"), writeCaption, { hidden: hasCaption })
    item("wide", buttons.text("Wide", "Wider than the text"), (editor) => toggleClass(editor, "figure", "wide"), {
      active: (editor) => editor.isActive("figure", { class: "wide" }),
    })
  },
})

export async function setPicture(editor, file = null) {
  const position = file ? null : positionAround(editor, "figure")
  const picture = await pickPicture(file)
  if (!picture) return editor.view.focus()
  const content = [{ type: "image", attrs: { src: picture.src, alt: "" } }]
  const words = wordsBelow(picture)
  if (words.length) content.push({ type: "caption", content: words })
  if (position === null) return insertBlock(editor, { type: "figure", content })
  const { attrs, nodeSize } = editor.state.doc.nodeAt(position)
  editor
    .chain()
    .focus()
    .insertContentAt({ from: position, to: position + nodeSize }, { type: "figure", attrs, content })
    .run()
}

function wordsBelow({ caption, credit }) {
  const text = (words, ...marks) => ({ type: "text", text: words, marks })
  const words = caption ? [text(credit ? `${caption} ` : caption)] : []
  return credit ? [...words, text(credit, { type: "cite" })] : words
}

async function askForAlt(editor) {
  const position = positionAround(editor, "figure") + 1
  const { src, alt } = editor.state.doc.nodeAt(position).attrs
  const isOurs = OURS.test(src)
  const input = make("input", { value: alt ?? "", maxLength: 250 })
  const help = isOurs
    ? "Empty: what is written with the picture itself."
    : "This picture is not one of ours: readers see only its alt text. Put one of ours in its place."
  const words = await ask("Alt text", "Set", [field("What the picture shows", input, help)], () => {
    if (!isOurs && !input.value.trim()) throw new Refusal("Write what the picture shows.", input)
    return input.value.trim()
  })
  if (words !== null) editor.view.dispatch(editor.state.tr.setNodeAttribute(position, "alt", words))
  editor.view.focus()
}

function hasCaption(editor) {
  const position = positionAround(editor, "figure")
  return position === null || editor.state.doc.nodeAt(position).childCount > 1
}

function writeCaption(editor) {
  const position = positionAround(editor, "figure")
  const end = position + editor.state.doc.nodeAt(position).nodeSize - 1
  editor.chain().insertContentAt(end, { type: "caption" }).focus(end + 1).run()
}

export const Image = StockImage.extend({
  addAttributes: () => ({ src: { default: null }, alt: { default: null } }),
})

export const Caption = StockCaption.extend({
  group: "",
  addAttributes: () => ({}),
})

// <cite> in a caption: the picture's credit.
export const Cite = Mark.create({
  name: "cite",
  inclusive: false,

  parseHTML: () => [{ tag: "cite" }],
  renderHTML: () => ["cite", 0],

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "cite",
      groups: "figure",
      button: buttons.text("Credit", "Mark the selected words as the credit"),
      command: (editor) => editor.chain().focus().toggleMark("cite").run(),
      active: (editor) => editor.isActive("cite"),
      hidden: (editor) => !editor.isActive("caption"),
    })
  },
})
