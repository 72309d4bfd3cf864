// What the marks of the rows are: an entry for each mark of each kind of column that the cell has, from its rules.

import { el, markup, svg } from "../common/dom.js"

const bar = (style, attributes = {}) => svg("rect", { x: 1, y: 4, width: 18, height: 7, rx: 1.5, style, ...attributes })
const circle = (style, attributes = {}) => svg("circle", { cx: 10, cy: 7, r: 4.5, style, ...attributes })
const stroke = (style) => svg("rect", { x: 7, y: 0, width: 6, height: 14, rx: 1, style })
const fill = (key) => `fill:var(--${key}-fill)`
const hollow = (key) => circle(`stroke:var(--${key}-fill)`, { class: "hollow" })

const wide = (html) => `<span class="wide">${html}</span>` // the numbers that it speaks of have no room on a phone

// {mark, html}: `html` holds symbols of gruviz's own table only
const ENTRIES = {
  square: () => [],
  gauge: () => [],
  parts({ rule, signal, trace }) {
    const gate = trace.byKey[rule.scaled_by]
    const memory = gate ? `from the old state, through the ${gate.name} ${gate.symbol}` : "from the old state"
    return [
      { mark: bar("", { class: "input" }), html: `from the input ${trace.xSymbol}` },
      { mark: bar(fill(gate ? gate.key : "h")), html: memory },
      ...(gate ? [{ mark: bar(`stroke:var(--${gate.key}-fill)`, { class: "taken" }), html: `what the ${gate.name} took away` }] : []),
      { mark: circle(fill(signal.key)),
        html: `their sum${wide(" (upper number)")}; ${trace.activation} of it is ${signal.symbol}, the ${signal.name}${wide(" (lower number)")}` },
      { mark: svg("path", { d: "M5 1L15 7L5 13z", style: fill(signal.key) }), html: "the sum lies beyond the axis" },
    ]
  },
  blend({ rule, signal, trace }) {
    const gate = trace.byKey[rule.gate], candidate = trace.byKey[rule.new]
    const [rest, all] = [`1 − ${gate.symbol}`, gate.symbol], [gone, held] = gate.flips !== rule.writes ? [all, rest] : [rest, all]
    return [
      { mark: hollow(signal.key), html: `old ${signal.symbol}` },
      { mark: circle(fill(candidate.key)), html: `${candidate.name} ${candidate.symbol}` },
      { mark: stroke(fill(signal.key)), html: `new ${signal.symbol}, on the way from old to candidate:` },
      { mark: bar(`${fill(candidate.key)};opacity:.45`), html: `${gone} of it gone,` },
      { mark: bar(`${fill(gate.key)};opacity:.6`), html: `${held} held back by the ${gate.name}` },
    ]
  },
  memory({ rule, signal, trace }) {
    const [forget, write, candidate] = [rule.forget, rule.write, rule.new].map((key) => trace.byKey[key])
    return [
      { mark: hollow(signal.key), html: `old ${signal.symbol}` },
      { mark: bar(fill(forget.key)), html: `kept of it by the ${forget.name} ${forget.symbol}` },
      { mark: bar(fill(candidate.key)), html: `${candidate.name} ${candidate.symbol}, let in by the ${write.name} ${write.symbol}` },
      { mark: stroke(fill(signal.key)), html: `new ${signal.symbol}: their sum` },
    ]
  },
}

export function createLegend() {
  const root = el("ul", { class: "legend", "aria-label": "What the marks are" })

  function load(trace) {
    const groups = trace.columns.filter(({ when }) => when === "now").map(({ kind, signal }) =>
      ENTRIES[kind]({ rule: trace.byKey[signal].rule, signal: trace.byKey[signal], trace }))
    root.replaceChildren(...groups.flat().map(({ mark, html }) => el("li", {},
      svg("svg", { viewBox: "0 0 20 14", width: 20, height: 14, "aria-hidden": "true" }, mark), markup(html))))
  }

  return { root, load }
}
