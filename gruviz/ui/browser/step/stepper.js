// The stepper: mounts once, then shows whatever trace the server sends. Stepping itself never asks the server.

import { createArithmetic } from "./arithmetic.js"
import { createBoard } from "./board.js"
import { isDark, scale, setSignalColours } from "../common/colours.js"
import { createDiagram } from "./diagram.js"
import { el } from "../common/dom.js"
import { layout } from "./geometry.js"
import { createKeys } from "../common/keys.js"
import { createLeftOut } from "./left_out.js"
import { createLegend } from "./legend.js"
import { link } from "../common/link.js"
import { createOptions } from "./options.js"
import { component } from "../common/component.js"
import { readPlace, writtenPlace } from "../common/place.js"
import { createFigureCursor } from "../common/figure_cursor.js"
import { createSentence } from "./sentence.js"
import { State, toStep } from "../common/state.js"
import { createStrip } from "./token_strip.js"
import { createStrips } from "./unit_strips.js"
import { createTable } from "./table.js"
import { Trace } from "./trace.js"
import { createTransport } from "../common/transport.js"
import { createWhatIf } from "./what_if.js"

let remembered = null // where the person stood when they left the page: {focus, id, step, unit, op, sort}

function createApp() {
  const state = new State()
  const strip = createStrip(state), transport = createTransport(state), sentence = createSentence(state)
  const diagram = createDiagram(state), legend = createLegend(), table = createTable(state), strips = createStrips(state)
  const whatIf = createWhatIf(state, (text) => send("changed", text)), leftOut = createLeftOut(state, strip.root)
  const arithmetic = createArithmetic(state, whatIf.button), figure = createFigureCursor(state), keys = createKeys(transport.actions)
  const board = createBoard(state, (moves) => send("played", moves)), options = createOptions(state)
  const notice = el("p", { class: "notice", role: "alert", hidden: "" })
  const hint = el("p", { class: "hint" },
    "Keys: ← → step, Shift+← → one operation, Home, End, Space plays; Escape in the field brings them back. " +
    "Click a row, a token or a cell of a figure.")
  const cell = el("div", { class: "cell" }, diagram.root, legend.root, table.root, strips.root, hint)
  const root = el("div", { class: "stepper" }, notice, strip.root, leftOut.root, transport.root, sentence.root, whatIf.root,
    el("div", { class: "panels" }, cell, el("div", { class: "side" }, board.root, options.root, arithmetic.root)))
  let trace = null, focus = null, visit = 0, size = 0, ready = false, send = null

  const width = () => cell.clientWidth - parseFloat(getComputedStyle(cell).paddingRight || 0)

  function draw() {
    size = width()
    if (!trace || !size) return
    const place = layout(trace, size)
    const dark = root.classList.contains("dark")
    const scales = { diverging: scale(trace.scales[dark ? "dark" : "light"]), gate: scale(trace.scales.gate) }
    diagram.load(trace, place)
    table.load(trace, place, scales.diverging)
    strips.load(trace, place, scales)
  }

  // where to stand: a new story or an opened link says so; else where the person was, kept inside the sequence
  function start(next, first) {
    if (first && remembered?.focus === next.focus.id && remembered.id === next.id) return remembered.where
    notice.hidden = true
    if (first || next.focus.id !== focus) {
      const { asked } = next.focus, { chosen, notices } = readPlace(asked ?? {}, next)
      notice.textContent = notices.join(" ")
      notice.hidden = !notices.length
      const order = asked ? { sort: "index" } : {}
      return { ...toStep(next, next.focus.step), unit: next.focus.unit, playing: false, hover: null, ...order, ...chosen }
    }
    const stood = { step: state.get("step"), unit: state.get("unit"), end: trace && state.get("step") === trace.steps }
    const unit = Math.min(stood.unit, next.units - 1)
    return { ...toStep(next, stood.end ? next.steps : stood.step), unit, playing: false, hover: null }
  }

  function show(data, sendTrigger) {
    send = sendTrigger
    const style = getComputedStyle(root)
    setSignalColours(root, data, isDark(style.getPropertyValue("--st-background-color").trim()))
    const first = trace === null
    visit = data.focus.visit
    if (!first && trace.id === data.id && focus === data.focus.id) { // only the theme is new, or the entry in the history
      link.stand(visit, writtenPlace(trace, state))
      return draw()
    }
    const next = new Trace(data)
    const where = start(next, first)
    trace = next
    focus = data.focus.id
    ready = false // the parts hear of the place they start from when they load
    state.set(where)
    for (const part of [strip, leftOut, whatIf, transport, sentence, board, options, legend, arithmetic, figure]) part.load(trace)
    draw()
    ready = true
    link.stand(visit, writtenPlace(trace, state))
  }

  state.subscribe((changed) => {
    if (!ready) return
    for (const part of [transport, strip, leftOut, whatIf, sentence, board, options, diagram, table, strips, arithmetic, figure]) part.update(changed)
    link.stand(visit, writtenPlace(trace, state))
  })

  const resize = new ResizeObserver(() => width() !== size && draw())
  resize.observe(cell)

  function close() {
    const where = Object.fromEntries(["step", "unit", "op", "sort"].map((name) => [name, state.get(name)]))
    remembered = { id: trace?.id, focus, where }
    for (const part of [transport, keys, figure, whatIf]) part.close()
    resize.disconnect()
  }

  return { root, show, close }
}

export default component(createApp)
