// The likeliest answers after the current step, each with a bar; and what came, where the answer predicts something.

import { el } from "../common/dom.js"
import { briefPercent } from "../common/format.js"

export function createOptions(state) {
  const heading = el("h3", {})
  const list = el("ul", { "aria-label": "Likeliest answers" })
  const came = el("p", { class: "came" }) // what really came
  const root = el("div", { class: "options", hidden: "" }, heading, list, came)
  let trace = null

  function load(next) {
    trace = next
    root.hidden = !trace.answer?.ranking
    if (root.hidden) return
    heading.textContent = `Answer: ${trace.answer.label}`
    update(new Set(["step"]))
  }

  function update(changed) {
    if (root.hidden || !changed.has("step")) return
    const step = state.get("step"), followed = trace.answer.came[step - 1]
    list.replaceChildren(...trace.answer.ranking[step - 1].map(([option, share]) =>
      el("li", {}, el("span", { class: "option" }, option),
        el("span", { class: "bar" }, el("span", { style: `width:${100 * share}%` })),
        el("span", { class: "share" }, briefPercent(share)))))
    came.textContent = followed ? `${trace.answer.beside}: ${followed}` : ""
  }

  return { root, load, update }
}
