// Where a block goes that the menu inserts: behind the one that the cursor is in, so that no paragraph is cut in two.
export function insertBlock(editor, block) {
  const { selection, doc } = editor.state
  const { $from } = selection
  const around = $from.depth ? $from.node(1) : null
  const end = $from.depth ? $from.after(1) : selection.to
  const isEmpty = around?.type.name === "paragraph" && !around.content.size
  const content = end === doc.content.size ? [block, { type: "paragraph" }] : block
  editor.chain().focus().insertContentAt(isEmpty ? { from: $from.before(1), to: end } : end, content).run()
}

// Where the innermost node of that name around the cursor begins; null if there is none.
export function positionAround(editor, name) {
  const { $from, node } = editor.state.selection
  if (node?.type.name === name) return $from.pos
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type.name === name) return $from.before(depth)
  return null
}

// Enter in the last line of a block that takes no paragraph: writing goes on behind the block.
export function leaveBlock(editor, lines, name) {
  if (!lines.includes(editor.state.selection.$from.parent.type.name)) return false
  const position = positionAround(editor, name)
  const after = position + editor.state.doc.nodeAt(position).nodeSize
  return editor.chain().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run()
}

// A class of ours that an element may have; any other class goes, as it does on the server.
export const oneClass = (name) => ({
  class: { default: null, parseHTML: (element) => (element.classList.contains(name) ? name : null) },
})

export const toggleClass = (editor, node, name) =>
  editor
    .chain()
    .focus()
    .updateAttributes(node, { class: editor.getAttributes(node).class ? null : name })
    .run()
