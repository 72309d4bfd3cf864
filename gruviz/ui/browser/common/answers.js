// @ts-check
// The answers of several cells under the same tokens: a column a step, a row a cell, and marks where they disagree.

/** @import { ComparePayload, ComparedRow, Numbers } from "./payload.d.ts" */
/** @import { State } from "./state.js" */
import { el, focused, hasFocus } from "./dom.js"
import { toStep } from "./state.js"

/**
 * Of each cell the sizes of its answers, and its colour on this theme.
 * @typedef {Omit<ComparedRow, "bars"> & {colour: string, bars: Numbers}} Row
 * @typedef {Omit<ComparePayload, "rows"> & {rows: Row[]}} Compared
 */

/** @param {State} state */
export function createAnswers(state) {
  const head = el("tr"), body = el("tbody")
  const asked = el("small"), table = el("table", {}, el("thead", {}, head), body)
  const root = el("div", { class: "answers", role: "group", "aria-label": "Answers", tabindex: 0 }, table)
  /** @type {Compared} */
  let trace
  /** @type {HTMLElement[][]} for each step its head, and its cell in each row */
  let columns = []
  /** @type {HTMLButtonElement[]} */
  let chips = []
  let current = 0

  /** @param {Compared} next */
  function load(next) {
    trace = next
    current = 0
    asked.textContent = `Answer: ${trace.asked}`
    table.setAttribute("aria-label", `Answer after each step: ${trace.asked}`)
    chips = trace.labels.map((label, i) => {
      const known = trace.known[i]
      return el("button", {
        type: "button", tabindex: -1, class: known ? "chip" : "chip unknown",
        "aria-label": `Step ${i + 1}: ${label}${known ? "" : ", unknown to the models"}`,
        onclick: () => state.set({ ...toStep(trace, i + 1), playing: false }),
      }, el("bdi", {}, label))
    })
    const rows = trace.rows.map(({ cell, colour, texts, bars }) => ({ name: cell, cells: texts.map((text, i) =>
      el("td", { style: `--fill:${colour}` }, el("span", {}, text),
        el("span", { class: "bar" }, el("span", { style: `width:${100 * bars[i]}%` })))) }))
    const extra = []
    if (trace.actual.some((text) => text)) extra.push({ name: trace.beside, cells: trace.actual.map((text) => el("td", {}, text)) })
    if (trace.differ.some((yes) => yes)) extra.push({ name: "differ",
      cells: trace.differ.map((yes) => el("td", { class: "differ", ...(yes && { "aria-label": "they differ" }) }, yes ? "≠" : "")) })
    const all = [...rows, ...extra], heads = chips.map((chip) => el("th", { scope: "col" }, chip))
    head.replaceChildren(el("td", {}, asked), ...heads)
    body.replaceChildren(...all.map(({ name, cells }) => el("tr", {}, el("th", { scope: "row" }, name), ...cells)))
    columns = heads.map((top, i) => [top, ...all.map(({ cells }) => cells[i])])
    for (let i = 0; i < columns.length; i++) for (const cell of columns[i].slice(1))
      cell.onclick = () => state.set({ ...toStep(trace, i + 1), playing: false })
    update()
  }

  /** @param {number} index @param {number} step */
  function mark(index, step) {
    const now = index + 1 === step, chip = chips[index]
    for (const cell of columns[index]) cell.classList.toggle("now", now)
    for (const cell of columns[index]) cell.classList.toggle("ahead", index + 1 > step)
    chip.classList.toggle("past", index + 1 < step)
    chip.tabIndex = now ? 0 : -1
    if (now) chip.setAttribute("aria-current", "step")
    else chip.removeAttribute("aria-current")
  }

  function update() {
    const step = state.get("step")
    const from = current ? Math.min(current, step) - 1 : 0, to = current ? Math.max(current, step) : columns.length
    for (let i = from; i < Math.min(to, columns.length); i++) mark(i, step)
    current = step
    const column = columns[step - 1]?.[0]
    if (!column) return
    if (hasFocus(root) && focused(root)?.matches(".chip")) chips[step - 1].focus({ preventScroll: true }) // goes along
    const left = column.offsetLeft, stub = 64 // what the row names cover
    if (left < root.scrollLeft + stub || left + column.offsetWidth > root.scrollLeft + root.clientWidth)
      root.scrollLeft = left - root.clientWidth / 2
  }

  return { root, load, update }
}
