// @ts-check
// Which unit is chosen, and how the rows are ordered.

/** @import { State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { el } from "../common/dom.js"

/** @param {State} state */
export function createChoice(state) {
  const chooser = el("select", { "aria-label": "Unit", onchange: () => state.set({ unit: Number(chooser.value) }) })
  const sort = el("select", { "aria-label": "Order of units", onchange: () => state.set({ sort: sort.value === "change" ? "change" : "index" }) },
    el("option", { value: "index" }, "by index"), el("option", { value: "change" }, "by |change|"))
  const root = el("div", { class: "choose" }, el("label", {}, "unit ", chooser), el("label", {}, "rows ", sort))

  /** @param {Trace} trace */
  function load(trace) {
    chooser.replaceChildren(...Array.from({ length: trace.units }, (_, unit) => el("option", { value: unit }, String(unit))))
    update()
  }

  function update() {
    chooser.value = String(state.get("unit"))
    sort.value = state.get("sort")
  }

  return { root, load, update }
}
