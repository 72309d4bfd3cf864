// @ts-check
// The stepper's keys work anywhere on the page, also on buttons, which Enter presses; but not where the person types, nor
// where what has the focus has a use of its own for the key.

const ALL_KEYS = "input:not([type=range]), textarea, [contenteditable]:not([contenteditable=false]), [role=combobox], " +
  "[role=listbox], [role=option], [role=menu], [role=grid], [role=dialog]"
const ALL_BUT_SPACE = "select, [role=slider], [role=radio], [role=tab]" // their arrows choose
const FIELD = "[class*=st-key-seq] input, [class*=st-key-rows] textarea"

// `more`: further keys and what they do; one that returns false leaves the key to the page.
/**
 * @param {Record<"first" | "previous" | "next" | "last" | "play" | "nextOperation" | "previousOperation", () => void>} actions
 * @param {Record<string, () => unknown>} more
 */
export function createKeys(actions, more = {}) {
  /** @type {Record<string, () => unknown>} */
  const keys = {
    ArrowRight: actions.next, ArrowLeft: actions.previous, Home: actions.first, End: actions.last, " ": actions.play,
    "Shift+ArrowRight": actions.nextOperation, "Shift+ArrowLeft": actions.previousOperation, ...more,
  }
  let spaceTaken = false

  /** @param {KeyboardEvent} event */
  function onDown(event) {
    const target = event.composedPath()[0]
    if (!(target instanceof HTMLElement || target instanceof SVGElement)) return
    if (leaves(event, target)) return event.key === "Escape" ? target.blur() : void setTimeout(() => target.blur()) // Enter is read first
    if (event.ctrlKey || event.altKey || event.metaKey || target.closest(ALL_KEYS)) return
    if (event.key !== " " && target.closest(ALL_BUT_SPACE)) return
    const action = keys[(event.shiftKey ? "Shift+" : "") + event.key]
    if (!action) return
    const held = event.key === " " && event.repeat
    if (!held && action() === false) return
    take(event)
    spaceTaken = event.key === " "
  }

  // a button acts when Space comes up
  /** @param {KeyboardEvent} event */
  function onUp(event) {
    if (event.key !== " " || !spaceTaken) return
    take(event)
    spaceTaken = false
  }

  /** @param {Event} event */
  function take(event) {
    event.preventDefault()
    event.stopPropagation()
  }

  // Escape in the sequence's field, and Enter where it begins no new line, hand the keys back to the stepper
  /** @param {KeyboardEvent} event @param {Element} target */
  function leaves(event, target) {
    if (event.isComposing || !target.matches(FIELD)) return false
    const newLine = target.localName === "textarea" && !(event.ctrlKey || event.metaKey)
    return event.key === "Escape" || (event.key === "Enter" && !newLine)
  }

  // before the page's own listeners: they would press a focused button
  window.addEventListener("keydown", onDown, true)
  window.addEventListener("keyup", onUp, true)
  return { close() {
    window.removeEventListener("keydown", onDown, true)
    window.removeEventListener("keyup", onUp, true)
  } }
}
