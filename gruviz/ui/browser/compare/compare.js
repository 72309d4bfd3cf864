// @ts-check
// Several cells on one sequence: transport, their answers under the tokens, of a game the board, and one cursor in all
// figures. The parts stand in a grid with the figures; see compare/screen.css.

import { createAnswers } from "../common/answers.js"
import { createBoard } from "../common/board.js"
import { isDark } from "../common/colours.js"
import { el } from "../common/dom.js"
import { createKeys } from "../common/keys.js"
import { link } from "../common/link.js"
import { component } from "../common/component.js"
import { readPlace, writtenPlace } from "../common/place.js"
import { createFigureCursor } from "../common/figure_cursor.js"
import { State, toStep } from "../common/state.js"
import { createTransport } from "../common/transport.js"

/** @import { Compared } from "../common/answers.js" */
/** @import { Expected } from "../common/board.js" */
/** @import { App, Send } from "../common/component.js" */
/** @import { ComparePayload, Unpacked } from "../common/payload.d.ts" */

/** @returns {App<ComparePayload>} */
function createApp() {
  const state = new State()
  const transport = createTransport(state), answers = createAnswers(state)
  const board = createBoard(state, (moves) => send("played", moves), expected)
  const figures = createFigureCursor(state), keys = createKeys(transport.actions)
  const notice = el("p", { class: "notice", role: "alert", hidden: "" })
  const hint = el("p", { class: "hint" }, "Keys: ← → step, Home, End, Space plays; Escape in the field " +
    "brings them back. Click a token or a column of a figure.")
  const root = el("div", { class: "stepper compared" }, notice,
    el("div", { class: "steps" }, transport.root, answers.root), el("div", { class: "aside" }, board.root), hint)
  const parts = [transport, answers, board, figures]
  /** @type {Compared & {operations: null[], said: string[]}} */
  let trace
  /** @type {Send} */
  let send
  /** @type {string | null} of the focus that was shown last */
  let focus = null
  let visit = 0, ready = false

  // for arrows on the board: of each cell the likeliest move
  /** @param {number} step @returns {Expected[]} */
  function expected(step) {
    return trace.rows.flatMap(({ best, colour }) =>
      (best?.[step - 1] ?? []).map(([move, share]) => ({ move, share, colour })))
  }

  /** @param {ComparePayload & Unpacked} data @param {Send} sendTrigger */
  function show(data, sendTrigger) {
    send = sendTrigger
    const dark = isDark(getComputedStyle(root).getPropertyValue("--st-background-color").trim())
    root.classList.toggle("dark", dark)
    const first = focus === null
    const rows = data.rows.map((row) => ({ ...row, bars: data.numbers(row.bars), colour: dark ? row.onDark : row.fill }))
    const said = data.labels.map((_, i) => rows.map(({ cell, texts }) => `${cell} ${texts[i]}`).join(" · "))
    trace = { ...data, rows, operations: [null], said }
    root.toggleAttribute("data-board", Boolean(data.board))
    const come = first || data.focus.id !== focus
    const { chosen, notices } = come ? readPlace(data.focus.asked ?? {}, trace) : { chosen: {}, notices: [] }
    notice.textContent = notices.join(" ")
    notice.hidden = !notices.length
    focus = data.focus.id
    visit = data.focus.visit
    ready = false
    state.set({ ...toStep(trace, come ? trace.focus.step : state.get("step")), ...chosen, ...(come && { playing: false }) })
    for (const part of parts) part.load(trace)
    ready = true
    link.stand(visit, writtenPlace(trace, state))
  }

  state.subscribe((changed) => {
    if (!ready) return
    for (const part of parts) part.update(changed)
    link.stand(visit, writtenPlace(trace, state))
  })

  function close() {
    for (const part of [transport, keys, figures]) part.close()
  }

  return { root, show, close }
}

export default component(createApp)
