// Which unit is chosen, and how the rows are ordered.

import { el } from "../common/dom.js"

export function createChoice(state) {
  const chooser = el("select", { "aria-label": "Unit", onchange: () => state.set({ unit: Number(chooser.value) }) })
  const sort = el("select", { "aria-label": "Order of units", onchange: () => state.set({ sort: sort.value }) },
    el("option", { value: "index" }, "by index"), el("option", { value: "change" }, "by |change|"))
  const root = el("div", { class: "choose" }, el("label", {}, "unit ", chooser), el("label", {}, "rows ", sort))

  function load(trace) {
    chooser.replaceChildren(...Array.from({ length: trace.units }, (_, unit) => el("option", { value: unit }, String(unit))))
    update()
  }

  function update() {
    chooser.value = state.get("unit")
    sort.value = state.get("sort")
  }

  return { root, load, update }
}
