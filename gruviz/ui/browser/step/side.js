// @ts-check
// The switch between the figures and the arithmetic of the chosen unit, which stand in the same place.

/** @import { State } from "../common/state.js" */
import { el } from "../common/dom.js"

/** @param {State} state */
export function createSide(state) {
  /** @param {"time" | "arithmetic"} side */
  const button = (side) => el("button", { type: "button", onclick: () => state.set({ side }) })
  const sides = { time: button("time"), arithmetic: button("arithmetic") }
  sides.time.textContent = "Over time"
  const root = el("div", { class: "switch", role: "group", "aria-label": "Beside the cell" }, ...Object.values(sides))

  function update() {
    sides.arithmetic.replaceChildren("Arithmetic", el("span", { class: "more" }, ` of unit ${state.get("unit")}`))
    for (const [side, node] of Object.entries(sides)) node.setAttribute("aria-pressed", String(side === state.get("side")))
  }

  const turn = () => state.set({ side: state.get("side") === "time" ? "arithmetic" : "time" })

  return { root, load: update, update, turn }
}
