// The mark that says where the call to subscribe to the newsletter stands in the story; a story has one at most.
import { Node } from "django-prose-editor/editor"
import { insertBlock } from "./blocks.js"
import { make } from "./dialog.js"

export const SignupMark = Node.create({
  name: "signupMark",
  group: "block",
  atom: true,
  draggable: true,

  parseHTML: () => [{ tag: "hr.signup", priority: 100 }],
  renderHTML: () => ["hr", { class: "signup" }],
  addNodeView: () => () => ({ dom: make("div", { className: "signup-mark", textContent: "Newsletter sign-up" }) }),

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "signupMark",
      groups: "inserts",
      button: buttons.text("Sign-up", "Set where the newsletter sign-up stands"),
      command: (editor) => moveHere(editor),
      active: (editor) => editor.isActive("signupMark"),
    })
  },
})

function moveHere(editor) {
  const places = []
  editor.state.doc.descendants((node, place) => {
    if (node.type.name === "signupMark") places.push(place)
  })
  editor
    .chain()
    .command(({ tr }) => {
      for (const place of places.reverse()) tr.delete(place, place + 1)
      return true
    })
    .run()
  insertBlock(editor, { type: "signupMark" })
}
