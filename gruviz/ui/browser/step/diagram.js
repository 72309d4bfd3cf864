// The cell, drawn once, as the head of the table: a node over each column, and the wires that the rules ask for.

import { attr, svg, svgMarkup } from "../common/dom.js"

const BOX = { top: 84, height: 50 }
const LANE = { old: 14, input: 36, state: 56, under: 150 }
const HEIGHT = 178

const NODE = {
  square: (column, trace) => [trace.byKey[column.signal][column.when === "before" ? "before" : "at"],
    `${column.width < 64 ? "" : "memory "}${column.when === "before" ? "in" : "out"}`],
  gauge: (column, trace) => [`σ ${trace.byKey[column.signal].symbol}`, trace.byKey[column.signal].name],
  parts: (column, trace) => [`${trace.activation} ${trace.byKey[column.signal].symbol}`, trace.byKey[column.signal].name],
  blend: (column, trace) => [trace.byKey[column.signal].node, "crossfade"],
  memory: (column, trace) => [trace.byKey[column.signal].node, trace.byKey[column.signal].name],
}

export function createDiagram(state) {
  const root = svg("svg", { class: "diagram", role: "img" })
  let trace, place, nodes = []

  function load(nextTrace, nextPlace) {
    trace = nextTrace
    place = nextPlace
    attr(root, { viewBox: `0 0 ${place.width} ${HEIGHT}`, width: place.width, height: HEIGHT,
      "aria-label": `One step of a ${trace.cell}: ` + trace.operations.map((s) => s.name).join(", then ") })
    const wires = svg("g", { class: "wires" }, ...drawWires())
    nodes = place.columns.map((column) => ({ column, node: drawNode(column) }))
    root.replaceChildren(svg("defs", {}, ...markers()), wires, ...nodes.map(({ node }) => node))
    update()
  }

  function markers() {
    return [...trace.signals.map((s) => s.key), "x"].map((key) =>
      svg("marker", { id: `tip-${key}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9,
        markerUnits: "userSpaceOnUse", orient: "auto" },
      svg("path", { d: "M0 0L8 4L0 8z", style: key === "x" ? "fill:var(--input)" : `fill:var(--${key}-fill)` })))
  }

  function box(column) {
    const width = Math.min(column.width, column.kind === "blend" || column.kind === "memory" ? 150 : 112)
    return { left: column.middle - width / 2, right: column.middle + width / 2, width }
  }

  function drawNode(column) {
    const [symbol, name] = NODE[column.kind](column, trace)
    const { left, width } = box(column)
    const lines = place.narrow ? [] : [svg("text", { x: column.middle, y: BOX.top + 40, class: "what" })]
    if (lines.length) lines[0].textContent = name
    const size = place.narrow ? 10 : column.kind === "blend" || column.kind === "memory" ? 12.5 : 15
    return svg("g", { class: "node", style: `--node:var(--${column.signal}-fill)` },
      svg("rect", { x: left, y: BOX.top, width, height: BOX.height, rx: 8 }),
      svgMarkup(symbol, { x: column.middle, y: BOX.top + (place.narrow ? 30 : 22), class: "symbol", style: `font-size:${size}px;fill:var(--${column.signal}-ink)`
      }),
      ...lines)
  }

  // the column in which a signal of this step is computed; of one step before, its first square
  const source = (key, when) => place.columns.find((c) => c.signal === key && c.when === when)

  function wire(points, key, attributes = {}) {
    const d = points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("")
    return svg("path", { d, "data-wire": key, style: `stroke:var(--${key}-fill)`, "marker-end": `url(#tip-${key})`,
      ...attributes })
  }

  function drawWires() {
    const middle = BOX.top + BOX.height / 2, bottom = BOX.top + BOX.height
    const affine = place.columns.filter((c) => c.rule.kind === "affine" && c.when === "now" && c.kind !== "square")
    const before = source("h", "before"), paths = []
    let under = LANE.under
    const dash = { class: "input-wire", "marker-end": "url(#tip-x)" }
    for (const column of affine) {
      const x = column.middle - 8, h = column.middle + 8
      paths.push(svg("path", { d: `M${affine[0].middle - 8} ${LANE.input}L${x} ${LANE.input}L${x} ${BOX.top - 1}`, ...dash }))
      paths.push(wire([[before.middle + 8, BOX.top], [before.middle + 8, LANE.state], [h, LANE.state], [h, BOX.top - 1]],
        "h", { class: "thin" }))
    }
    const label = svg("text", { x: affine.at(-1).middle + 4, y: LANE.input + 4, class: "token" })
    paths.push(label)
    root.token = label
    for (const column of place.columns.filter((c) => c.when === "now")) {
      for (const { key, when } of dependencies(column)) {
        const from = source(key, when)
        if (!from || from === column) continue
        const a = box(from), b = box(column)
        const neighbours = place.columns.indexOf(column) - place.columns.indexOf(from) === 1
        if (neighbours) paths.push(wire([[a.right, middle], [b.left - 1, middle]], key))
        else if (when === "before")
          paths.push(wire([[from.middle - 8, BOX.top], [from.middle - 8, LANE.old], [column.middle, LANE.old],
            [column.middle, BOX.top - 1]], key, { class: "thick" }))
        else {
          paths.push(wire([[from.middle, bottom], [from.middle, under], [column.middle - b.width / 4, under],
            [column.middle - b.width / 4, bottom + 1]], key))
          under += 11
        }
      }
    }
    return paths
  }

  // what a column's node needs besides x and h: named by its rule. The last square shows what the node before it made.
  function dependencies(column) {
    const { rule, signal } = column
    if (column.kind === "square" && trace.columns.some((c) => c.signal === signal && c.kind !== "square"))
      return [{ key: signal, when: "now" }]
    const now = (...keys) => keys.filter(Boolean).map((key) => ({ key, when: "now" }))
    return {
      affine: () => now(rule.scaled_by),
      blend: () => [...now(rule.gate, rule.new), { key: signal, when: "before" }],
      memory: () => [...now(rule.forget, rule.write, rule.new), { key: signal, when: "before" }],
      gated: () => now(rule.gate, rule.inner),
    }[rule.kind]()
  }

  function update() {
    const op = state.get("op")
    const keys = trace.operations.map((s) => s.key)
    const token = trace.labels[state.get("step") - 1]
    const longest = place.narrow ? 8 : 20
    root.token.textContent = `← x: “${token.length > longest ? token.slice(0, longest - 1) + "…" : token}”`
    for (const { column, node } of nodes) {
      const at = column.when === "before" ? -1 : keys.indexOf(column.signal)
      node.classList.toggle("later", op !== null && at > op)
      node.classList.toggle("active", op !== null && at === op)
    }
  }

  return { root, load, update }
}
