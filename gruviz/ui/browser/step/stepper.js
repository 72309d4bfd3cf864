// @ts-check
// The stepper: mounts once, then shows whatever trace the server sends. Stepping itself never asks the server.

/** @import { StepPayload, Unpacked } from "../common/payload.d.ts" */
/** @import { Expected } from "../common/board.js" */
/** @import { Send } from "../common/component.js" */
/** @import { Patch } from "../common/state.js" */
import { createArithmetic } from "./arithmetic.js"
import { createChoice } from "./choice.js"
import { isDark, scale, setSignalColours } from "../common/colours.js"
import { createDiagram } from "./diagram.js"
import { el, focused } from "../common/dom.js"
import { layout } from "./geometry.js"
import { createKeys } from "../common/keys.js"
import { createLeftOut } from "./left_out.js"
import { createLegend } from "./legend.js"
import { link } from "../common/link.js"
import { createOptions } from "./options.js"
import { createBoard } from "../common/board.js"
import { component } from "../common/component.js"
import { readPlace, writtenPlace } from "../common/place.js"
import { createFigureCursor } from "../common/figure_cursor.js"
import { createScreen, isWide, onWide } from "./screen.js"
import { createSentence } from "./sentence.js"
import { createSide } from "./side.js"
import { State, toStep } from "../common/state.js"
import { createStrip } from "./token_strip.js"
import { createStrips } from "./unit_strips.js"
import { HEAD, createTable, rowCount } from "./table.js"
import { Trace } from "./trace.js"
import { createTransport, icon } from "../common/transport.js"
import { createWhatIf } from "./what_if.js"

const LEGIBLE = 590, LARGEST = 1.6 // pixels that a cell with all its numbers needs; how much larger it is drawn at most
const KEPT = /** @type {const} */ (["step", "unit", "op", "sort", "side"])

/** @type {{focus: string | null, id: string | undefined, where: Patch} | null} */
let remembered = null // where the person stood when they left the page

function createApp() {
  const state = new State()
  const strip = createStrip(state), transport = createTransport(state), sentence = createSentence(state)
  const diagram = createDiagram(state), legend = createLegend(state), choice = createChoice(state)
  const whatIf = createWhatIf(state, (text) => send?.("changed", text)), leftOut = createLeftOut(state, strip.root)
  const table = createTable(state, () => !isWide() && besideRow(true), whatIf.silencer), strips = createStrips(state)
  const arithmetic = createArithmetic(state, whatIf.button, whatIf.silencer("silence")), figure = createFigureCursor(state), side = createSide(state)
  const board = createBoard(state, (moves) => send?.("played", moves), expected), options = createOptions(state)
  const notice = el("p", { class: "notice", role: "alert", hidden: "" })
  const rows = el("div", { class: "rows", tabindex: 0, role: "group", "aria-label": "Units" }, table.list, strips.root)
  const cell = el("div", { class: "cell" }, diagram.root, el("div", { class: "between" }, legend.root, choice.root), table.head, rows)
  const hint = el("p", { class: "keys" }, "← → step · Shift+→ one operation · Space plays · ↑ ↓ unit · S silences it · A arithmetic · Esc leaves")
  const root = el("div", { class: "stepper whole" }, notice, sentence.root,
    el("div", { class: "steps" }, el("div", { class: "strip-row" }, strip.root, whatIf.opens), leftOut.root, transport.root, whatIf.root), el("div", { class: "aside" }, board.root, options.root),
    cell, side.root, arithmetic.root, hint)
  const screen = createScreen(state, root)
  const present = el("button", { type: "button", class: "present", "aria-label": "Present", title: "Present: larger, without controls (P; Escape leaves)",
    onclick: () => screen.present(true) }, icon("present"))
  transport.root.append(present)
  const keys = createKeys(transport.actions, {
    p: () => void screen.present(!state.get("present")),
    a: side.turn,
    s: () => whatIf.silence(state.get("unit")),
    Escape: () => (state.get("present") ? void screen.present(false) : state.get("box") === null ? false : state.set({ box: null })),
    ArrowUp: () => nextUnit(-1),
    ArrowDown: () => nextUnit(1),
  })
  /** @type {Trace | null} */
  let trace = null
  /** @type {string | null} */
  let focus = null
  /** @type {Send | null} */
  let send = null
  let visit = 0, size = "", ready = false

  const width = () => rows.clientWidth

  // What the rows and the chosen one above them may fill. What they take from each other leaves it as it is: it must not
  // follow from how high they are drawn. On a page that scrolls they are as high as they like.
  const room = () => (isWide() ? rows.clientHeight + table.head.clientHeight : 0)

  // presenting, all is drawn as much larger as leaves room for the numbers
  const zoom = () => (state.get("present") && isWide() ? Math.min(Math.max(1, width() / LEGIBLE), LARGEST) : 1)

  function draw() {
    size = `${width()} ${room()}`
    if (!trace || !width()) return
    besideRow(false)
    const place = layout(trace, width(), Math.max(0, room() - HEAD * zoom()), rowCount(trace) + 1, zoom())
    const dark = root.classList.contains("dark")
    const scales = { diverging: scale(trace.scales[dark ? "dark" : "light"]), gate: scale(trace.scales.gate) }
    diagram.load(trace, place)
    table.load(trace, place, scales.diverging)
    strips.load(trace, place, scales)
  }

  // Where all stands one above the other, the arithmetic comes to the row that was tapped, and goes with the chosen unit.
  /** @param {boolean} on */
  function besideRow(on) {
    const row = on && table.rowOf(state.get("unit"))
    if (row) row.after(arithmetic.root)
    else if (arithmetic.root.parentNode !== root) side.root.after(arithmetic.root)
  }

  // for arrows on the board: of the likeliest moves the first three
  /** @param {number} step @returns {Expected[]} */
  function expected(step) {
    return (trace?.answer?.ranking?.[step - 1] ?? []).slice(0, 3).map(([move, share]) => ({ move, share }))
  }

  // up and down among the rows, where they have the focus or nothing else could scroll
  /** @param {number} by */
  function nextUnit(by) {
    const among = focused(root) === rows
    if (!among && !state.get("present")) return false
    const order = table.order(), at = order.indexOf(state.get("unit"))
    state.set({ unit: order[Math.min(Math.max(0, at + by), order.length - 1)] })
    table.rowOf(state.get("unit"))?.scrollIntoView({ block: "nearest" })
  }

  // where to stand: a new story or an opened link says so; else where the person was, kept inside the sequence
  /** @param {Trace} next @param {boolean} first @returns {Patch} */
  function start(next, first) {
    if (first && remembered?.focus === next.focus.id && remembered.id === next.id) return remembered.where
    notice.hidden = true
    if (first || next.focus.id !== focus) {
      const { asked } = next.focus, { chosen, notices } = readPlace(asked ?? {}, next)
      notice.textContent = notices.join(" ")
      notice.hidden = !notices.length
      /** @type {Patch} */
      const opened = asked ? { sort: "index", side: "time", present: false } : {}
      return { ...toStep(next, next.focus.step), unit: next.focus.unit, playing: false, hover: null, box: null, ...opened, ...chosen }
    }
    const stood = { step: state.get("step"), unit: state.get("unit"), end: trace && state.get("step") === trace.steps }
    const unit = Math.min(stood.unit, next.units - 1)
    return { ...toStep(next, stood.end ? next.steps : stood.step), unit, playing: false, hover: null }
  }

  /** @param {StepPayload & Unpacked} data @param {Send} sendTrigger */
  function show(data, sendTrigger) {
    send = sendTrigger
    const style = getComputedStyle(root)
    setSignalColours(root, data, isDark(style.getPropertyValue("--st-background-color").trim()))
    const first = trace === null
    visit = data.focus.visit
    if (trace !== null && trace.id === data.id && focus === data.focus.id) { // only the theme is new, or the entry in the history
      link.stand(visit, writtenPlace(trace, state))
      return draw()
    }
    const next = new Trace(data)
    const where = start(next, first)
    trace = next
    focus = data.focus.id
    ready = false // the parts hear of the place they start from when they load
    state.set(where)
    for (const part of [screen, strip, leftOut, whatIf, transport, sentence, board, options, legend, choice, side, arithmetic, figure]) part.load(trace)
    draw()
    ready = true
    link.stand(visit, writtenPlace(trace, state))
  }

  state.subscribe((changed) => {
    if (!ready) return
    for (const part of [transport, strip, leftOut, whatIf, sentence, board, options, diagram, legend, choice, table, strips, side, arithmetic, figure, screen])
      part.update(changed)
    if (changed.has("present")) draw()
    if (changed.has("unit") && arithmetic.root.parentNode !== root) besideRow(true)
    if (trace) link.stand(visit, writtenPlace(trace, state))
  })

  const resize = new ResizeObserver(() => `${width()} ${room()}` !== size && draw())
  resize.observe(rows)
  const unwatch = onWide(draw)

  function close() {
    remembered = { id: trace?.id, focus, where: Object.fromEntries(KEPT.map((name) => [name, state.get(name)])) }
    for (const part of [transport, keys, figure, screen, whatIf]) part.close()
    resize.disconnect()
    unwatch()
  }

  return { root, show, close }
}

export default component(createApp)
