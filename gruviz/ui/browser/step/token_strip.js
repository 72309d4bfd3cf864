// @ts-check
// The token strip: a chip a step, with a small bar for the model's answer so far, or for how much the state moved.

/** @import { State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { isSkipped } from "./changes.js"
import { el, hasFocus } from "../common/dom.js"
import { fixed } from "../common/format.js"
import { toStep } from "../common/state.js"

const SHOWN = 14 // letters of a token that are surely seen; from there on the style sheet may cut it

/** @param {State} state */
export function createStrip(state) {
  const root = el("div", { class: "strip", role: "group", "aria-label": "Tokens" })
  /** @type {Trace} */
  let trace
  /** @type {HTMLButtonElement[]} */
  let chips = []
  let current = 0

  /** @param {Trace} next */
  function load(next) {
    trace = next
    current = 0
    const bars = Array.from({ length: trace.steps }, (_, i) => trace.bars ? trace.bars[i] : trace.meanChange(i + 1))
    const most = trace.bars ? 1 : Math.max(1e-9, ...bars)
    chips = trace.labels.map((label, i) => {
      const known = trace.known[i], skipped = isSkipped(trace.changes, i + 1)
      const other = trace.ghost && trace.ghost.labels[i] !== label ? trace.ghost.labels[i] ?? "" : null
      const what = trace.bars ? `${trace.answer?.label}: ${trace.answer?.texts[i]}` : `mean change ${fixed(bars[i], 3)}`
      const bar = el("span", { class: "bar" }, el("span", { style: `width:${(100 * bars[i]) / most}%` }))
      const word = el("bdi", {}, label), whole = trace.cut[i] ?? (label.length > SHOWN ? label : "")
      return el("button", {
        type: "button", tabindex: -1,
        class: ["chip", known ? "" : "unknown", skipped ? "skipped" : "", other === null ? "" : "other"].filter(Boolean).join(" "),
        title: `${whole && `${whole}\n`}step ${i + 1}, ${what}${known ? "" : "; the model does not know this token and reads its “unknown”"}` +
          `${other === null ? "" : `; in the run behind: ${other || "no token"}`}`,
        "aria-label": `Step ${i + 1}: ${label}${known ? "" : ", unknown to the model"}${skipped ? ", skipped" : ""}` +
          `${other === null ? "" : `, in the run behind: ${other || "no token"}`}`,
        onclick: () => state.set({ ...toStep(trace, i + 1), playing: false }),
      }, word, bar)
    })
    root.replaceChildren(...chips)
    update()
  }

  /** @param {number} index @param {number} step */
  function mark(index, step) {
    const chip = chips[index]
    const now = index + 1 === step
    chip.classList.toggle("past", index + 1 < step)
    chip.classList.toggle("now", now)
    chip.tabIndex = now ? 0 : -1
    if (now) chip.setAttribute("aria-current", "step")
    else chip.removeAttribute("aria-current")
  }

  function update() {
    const step = state.get("step")
    const low = Math.min(current, step), high = Math.max(current, step)
    for (let i = Math.max(0, low - 1); i < Math.min(high, chips.length); i++) mark(i, step)
    current = step
    const chip = chips[step - 1]
    if (!chip) return
    if (hasFocus(root)) chip.focus({ preventScroll: true }) // the focus goes along
    const left = chip.offsetLeft - root.offsetLeft
    if (left < root.scrollLeft + 40 || left + chip.offsetWidth > root.scrollLeft + root.clientWidth - 40)
      root.scrollLeft = left - root.clientWidth / 2
  }

  return { root, load, update }
}
