// The body editor's own elements. The stock editor drops or moves some of what a body may hold (news/body.py is the
// list); each extension here and in the files beside this one takes the place of the stock one of its name, or adds what
// is missing, so that a body which is opened and edited in one word keeps every other element as it was.
import {
  Blockquote as StockBlockquote,
  Code as StockCode,
  CodeBlock as StockCodeBlock,
  Extension,
  Node,
  OrderedList as StockOrderedList,
  pm,
  Table as StockTable,
  TableHeader as StockTableHeader,
  TableRow as StockTableRow,
} from "django-prose-editor/editor"
import { leaveBlock, oneClass, positionAround, toggleClass } from "./blocks.js"
import { ask, field, make } from "./dialog.js"

export const Blockquote = StockBlockquote.extend({
  content: "block+ speaker?",

  addAttributes: () => oneClass("pull"),

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "pullQuote",
      groups: "quote",
      button: buttons.text("Pull quote", "Set it large, apart from the text"),
      command: (editor) => toggleClass(editor, "blockquote", "pull"),
      active: (editor) => editor.isActive("blockquote", { class: "pull" }),
      hidden: (editor) => !editor.isActive("blockquote"),
    })
    menu.defineItem({
      name: "speaker",
      groups: "quote",
      button: buttons.text("Speaker", "Name who said it"),
      command: (editor) => addSpeaker(editor),
      hidden: (editor) => !editor.isActive("blockquote") || editor.isActive("speaker"),
    })
  },
})

// <footer> at the end of a quote: who said it.
export const Speaker = Node.create({
  name: "speaker",
  content: "inline*",
  defining: true,

  parseHTML: () => [{ tag: "footer" }],
  renderHTML: () => ["footer", 0],

  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => leaveBlock(editor, ["speaker"], "blockquote"),
      Backspace: ({ editor }) => removeEmptySpeaker(editor),
    }
  },
})

function addSpeaker(editor) {
  const position = positionAround(editor, "blockquote")
  const quote = editor.state.doc.nodeAt(position)
  const end = position + quote.nodeSize - 1
  if (quote.lastChild.type.name === "speaker") editor.chain().focus(end - 1).run()
  else editor.chain().insertContentAt(end, { type: "speaker" }).focus(end + 1).run()
}

function removeEmptySpeaker(editor) {
  const { $from } = editor.state.selection
  if ($from.parent.type.name !== "speaker" || $from.parent.content.size) return false
  const range = { from: $from.before(), to: $from.after() }
  return editor.chain().deleteRange(range).setTextSelection(range.from - 1).run()
}

export const Table = StockTable.extend({
  // A table has rows only, so its caption is an attribute, kept as the HTML that it is.
  addAttributes() {
    return {
      ...this.parent?.(),
      caption: {
        default: "",
        parseHTML: (table) => table.dataset.caption ?? table.querySelector(":scope > caption")?.innerHTML.trim() ?? "",
        renderHTML: ({ caption }) => (caption ? { "data-caption": caption } : {}),
      },
    }
  },

  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],

  addNodeView() {
    const stockView = this.parent()
    return (props) => {
      const view = stockView(props)
      const caption = view.table.createCaption()
      const show = (node) => {
        caption.textContent = wordsOf(node.attrs.caption)
        view.table.removeAttribute("data-caption")
      }
      const stockUpdate = view.update
      view.update = (node) => stockUpdate(node) && (show(node), true)
      caption.addEventListener("click", () => askForCaption(props.editor, props.getPos()))
      show(props.node)
      return view
    }
  },

  addMenuItems(storage) {
    this.parent(storage)
    storage.menu.defineItem({
      name: "table:caption",
      groups: "table",
      button: storage.buttons.text("Caption", "Say what the table shows"),
      command: (editor) => askForCaption(editor, positionAround(editor, "table")),
      hidden: (editor) => !editor.isActive("table"),
    })
  },
})

async function askForCaption(editor, position) {
  const words = wordsOf(editor.state.doc.nodeAt(position).attrs.caption)
  const input = make("input", { value: words })
  const answer = await ask("Table caption", "Set", [field("What the table shows", input)], () => input.value.trim())
  if (answer !== null && answer !== words)
    editor.view.dispatch(editor.state.tr.setNodeAttribute(position, "caption", htmlOf(answer)))
  editor.view.focus()
}

export const TableRow = StockTableRow.extend({
  // Whether the row was in <thead>; null for a row that was made here.
  addAttributes: () => ({
    head: {
      default: null,
      parseHTML: ({ dataset, parentElement }) =>
        dataset.head ? dataset.head === "true" : parentElement?.nodeName === "THEAD",
      renderHTML: ({ head }) => (head === null ? {} : { "data-head": head }),
    },
  }),
})

export const TableHeader = StockTableHeader.extend({
  // "" where the body had none; null for a cell that was made here.
  addAttributes() {
    return {
      ...this.parent?.(),
      scope: { default: null, parseHTML: (cell) => cell.getAttribute("scope") ?? "" },
    }
  },
})

export const OrderedList = StockOrderedList.extend({
  addAttributes() {
    return { start: this.parent().start }
  },
})

// Held where a body has it, but not offered: a trade desk writes no code.
export const Code = StockCode.extend({ excludes: "", addMenuItems() {} })

export const CodeBlock = StockCodeBlock.extend({
  addAttributes: () => ({ bare: { default: false, rendered: false, parseHTML: (pre) => !pre.querySelector("code") } }),
  renderHTML: ({ node }) => (node.attrs.bare ? ["pre", 0] : ["pre", ["code", 0]]),
  addMenuItems() {},
})

// What is saved: the HTML of the document as a body has it.
export const WholeBody = Extension.create({
  name: "wholeBody",

  onBeforeCreate() {
    this.editor.getHTML = () => bodyHTML(this.editor.state.doc)
  },
})

export function bodyHTML(doc) {
  const body = inert()
  const serializer = pm.model.DOMSerializer.fromSchema(doc.type.schema)
  body.append(serializer.serializeFragment(longMarksOutside(doc).content, { document: body.ownerDocument }))
  body.querySelectorAll("td, th").forEach(unwrapOnlyParagraph)
  body.querySelectorAll("li").forEach(unwrapFirstParagraph)
  body.querySelectorAll("table").forEach(restoreTable)
  body.querySelectorAll(":scope > p:empty, figcaption:empty, footer:empty").forEach((element) => element.remove())
  return [...body.children].map((block) => block.outerHTML).join("\n")
}

// The editor sorts marks by kind, which would cut <em>a <strong>b</strong></em> in two: the longer goes outside.
function longMarksOutside(node) {
  if (node.isLeaf) return node
  if (!node.inlineContent) return node.copy(pm.model.Fragment.from(node.content.content.map(longMarksOutside)))
  const children = node.content.content
  const length = (mark, index) => {
    const reach = (step) => {
      let at = index
      while (children[at + step] && mark.isInSet(children[at + step].marks)) at += step
      return at
    }
    return reach(1) - reach(-1)
  }
  const sorted = children.map((child, index) =>
    child.mark(child.marks.toSorted((one, other) => length(other, index) - length(one, index))),
  )
  return node.copy(pm.model.Fragment.from(sorted))
}

function unwrapOnlyParagraph(cell) {
  const only = cell.firstElementChild
  if (cell.children.length === 1 && only.nodeName === "P") only.replaceWith(...only.childNodes)
}

function unwrapFirstParagraph(item) {
  const paragraphs = [...item.children].filter((child) => child.nodeName === "P")
  if (paragraphs.length === 1 && item.firstChild === paragraphs[0]) paragraphs[0].replaceWith(...paragraphs[0].childNodes)
}

function restoreTable(table) {
  const body = table.tBodies[0]
  const rows = [...body.rows]
  const end = rows.findIndex((row) => !isHead(row))
  const heads = end === -1 ? rows : rows.slice(0, end)
  if (heads.length) table.createTHead().append(...heads)
  if (!body.rows.length) body.remove()
  for (const row of rows) row.removeAttribute("data-head")
  for (const cell of table.querySelectorAll("th")) giveScope(cell, heads)
  if (table.dataset.caption) table.createCaption().innerHTML = table.dataset.caption
  table.removeAttribute("data-caption")
}

function isHead(row) {
  return row.dataset.head ? row.dataset.head === "true" : [...row.cells].every((cell) => cell.nodeName === "TH")
}

function giveScope(cell, heads) {
  if (!cell.hasAttribute("scope")) cell.setAttribute("scope", heads.includes(cell.parentElement) ? "col" : "row")
  else if (!cell.getAttribute("scope")) cell.removeAttribute("scope")
}

// A document that loads nothing and runs nothing, for HTML that may have been pasted.
function inert() {
  return document.implementation.createHTMLDocument("").body
}

function wordsOf(html) {
  const body = inert()
  body.innerHTML = html
  return body.textContent.trim()
}

function htmlOf(words) {
  const body = inert()
  body.textContent = words
  return body.innerHTML
}
