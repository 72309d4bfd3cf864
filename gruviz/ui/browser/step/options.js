// @ts-check
// The likeliest answers after the current step, each with a bar; and what followed, where it is known.

/** @import { Name, State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { el } from "../common/dom.js"
import { briefPercent } from "../common/format.js"

/** @param {State} state */
export function createOptions(state) {
  const heading = el("h3", {})
  const list = el("ul", { "aria-label": "Likeliest answers" })
  const actual = el("p", { class: "actual" })
  const root = el("div", { class: "options", hidden: "" }, heading, list, actual)
  /** @type {Trace} */
  let trace

  /** @param {Trace} next */
  function load(next) {
    trace = next
    root.hidden = !trace.answer?.ranking
    if (!trace.answer?.ranking) return
    heading.textContent = `Answer: ${trace.answer.label}`
    update(new Set(["step"]))
  }

  /** @param {Set<Name>} changed */
  function update(changed) {
    const { answer } = trace
    if (!answer?.ranking || !changed.has("step")) return
    const step = state.get("step"), followed = answer.actual[step - 1]
    list.replaceChildren(...answer.ranking[step - 1].map(([option, share]) =>
      el("li", {}, el("span", { class: "option" }, option),
        el("span", { class: "bar" }, el("span", { style: `width:${100 * share}%` })),
        el("span", { class: "share" }, briefPercent(share)))))
    actual.textContent = followed ? `${answer.beside}: ${followed}` : ""
  }

  return { root, load, update }
}
