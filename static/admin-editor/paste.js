// What is pasted from Word, Google Docs and web pages is put right before the editor reads it; what a body may not hold
// goes when it is saved, at the latest.
import { Extension, Plugin } from "django-prose-editor/editor"
import { make } from "./dialog.js"
import { setPicture } from "./figure.js"

const OURS = /^\/media\/|\/media\/pictures\/masters\//
const RANKS = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" }

export const CleanPaste = Extension.create({
  name: "cleanPaste",

  addProseMirrorPlugins() {
    const takeFile = (event, files) => {
      const file = [...(files ?? [])].find(({ type }) => type.startsWith("image/"))
      if (!file) return false
      event.preventDefault()
      setPicture(this.editor, file)
      return true
    }
    return [
      new Plugin({
        props: {
          transformPastedHTML: (html, view) => cleaned(html, view),
          // Word sends a picture of the text along with it.
          handlePaste: (_, event) =>
            !event.clipboardData.types.includes("text/html") && takeFile(event, event.clipboardData.files),
          handleDrop: (view, event) => !view.dragging && takeFile(event, event.dataTransfer.files),
        },
      }),
    ]
  },
})

function cleaned(html, view) {
  if (html.includes("data-pm-slice")) return html // Cut from a body in this editor.
  const { body } = new DOMParser().parseFromString(html, "text/html")
  leaveOutPictures(body, view)
  for (const link of body.querySelectorAll("a[href]")) link.setAttribute("href", shortest(link.getAttribute("href")))
  // A company from a page of ours comes with its figures.
  for (const chip of body.querySelectorAll("a.company:has(b)")) chip.textContent = chip.firstChild.textContent.trim()
  listsOfWord(body)
  for (const [from, to] of Object.entries(RANKS))
    for (const heading of body.querySelectorAll(from)) rename(heading, to)
  dropEmpty(body)
  return body.innerHTML
}

// Readers would not see them: pages load pictures from this site only.
function leaveOutPictures(body, view) {
  const others = [...body.querySelectorAll("img")].filter((image) => !OURS.test(image.getAttribute("src") ?? ""))
  for (const image of others) (image.closest("figure") ?? image).remove()
  view.dom.parentElement.querySelector(".paste-notice")?.remove()
  const words = "The pictures were left out: readers see only pictures of ours. Upload them with the picture button."
  if (others.length) view.dom.after(make("p", { className: "paste-notice", role: "status", textContent: words }))
}

// Google puts an address of its own before every link of a document that it publishes; a browser puts the site's.
function shortest(href) {
  if (!URL.canParse(href)) return href
  const address = new URL(href)
  const isDetour = address.hostname === "www.google.com" && address.pathname === "/url"
  if (isDetour) return address.searchParams.get("q") ?? href
  return address.origin === location.origin ? address.pathname + address.search + address.hash : href
}

// Word has no lists, only paragraphs that look like items: their style names the level, a span the mark before it.
function listsOfWord(body) {
  let open = [] // The list of each level that is open.
  let last = null
  for (const paragraph of body.querySelectorAll("[style*=mso-list]")) {
    const level = Number(/level(\d)/.exec(paragraph.getAttribute("style"))?.[1])
    if (!level) continue
    const mark = paragraph.querySelector("[style*='mso-list:Ignore'], [style*='mso-list: Ignore']")
    const isNumbered = /^\s*\(?(?:\d+|[a-z]|[ivx]+)[.)]/i.test(mark?.textContent ?? "")
    mark?.remove()
    const kind = isNumbered ? "ol" : "ul"
    if (paragraph.previousElementSibling !== last) open = []
    open = open.slice(0, level)
    if (open.length === level && open.at(-1).localName !== kind) open.pop()
    while (open.length < level) {
      const list = make(kind)
      if (open.length) (open.at(-1).lastElementChild ?? open.at(-1)).append(list)
      else paragraph.before(list)
      open.push(list)
    }
    open.at(-1).append(make("li", {}, ...paragraph.childNodes))
    paragraph.remove()
    last = open[0]
  }
}

function rename(element, name) {
  element.replaceWith(make(name, {}, ...element.childNodes))
}

// Paragraphs that only make room, and breaks between paragraphs.
function dropEmpty(body) {
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll("\u00a0", " ")
  for (const block of body.querySelectorAll("p, h2, h3, li, div"))
    if (!block.textContent.trim() && !block.querySelector("img, td")) block.remove()
  for (const pause of body.querySelectorAll("br"))
    if (!pause.closest("p, h2, h3, li, td, th, blockquote, figcaption, pre, div")) pause.remove()
}
