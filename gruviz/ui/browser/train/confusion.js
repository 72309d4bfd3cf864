// @ts-check
// How the held-out part is answered: one table per cell, rows what is so, columns what the network says.

/** @import { Trained } from "../common/payload.d.ts" */
import { el } from "../common/dom.js"

export function createConfusion() {
  const root = el("section", { class: "confusion", "aria-label": "Held-out part" })
  let before = ""

  /** @param {Pick<Trained, "cell" | "heldOut" | "confusion">[]} cells @param {string[]} classes @param {string} measure */
  function draw(cells, classes, measure) {
    const key = JSON.stringify([classes, measure, cells.map((cell) => [cell.heldOut, cell.confusion])])
    if (key === before) return
    before = key
    root.replaceChildren(...cells.map((cell) => el("div", {},
      el("p", {}, el("strong", {}, cell.cell), cell.heldOut === null ? " no finite weights" : ` held out: ${cell.heldOut} (${measure})`),
      ...(cell.confusion ? [table(cell.confusion, classes)] : []))))
  }

  return { root, draw }
}

/** @param {number[][]} counts @param {string[]} classes */
function table(counts, classes) {
  const head = el("tr", {}, el("td", {}, "is ↓ says →"), ...classes.map((name) => el("th", { scope: "col" }, el("bdi", {}, name))))
  const rows = counts.map((row, i) => {
    const sum = row.reduce((a, b) => a + b, 0) || 1
    return el("tr", {}, el("th", { scope: "row" }, el("bdi", {}, classes[i])), ...row.map((count, j) =>
      el("td", { class: i === j ? "right" : "", style: `--share: ${Math.round((100 * count) / sum)}%` }, String(count))))
  })
  return el("div", { class: "scroll", tabindex: "0" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows)))
}
