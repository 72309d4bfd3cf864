// @ts-check
// What happens at the step and to the unit that the stepper shows, in words with their numbers; the gates' names and what
// they do come from the table of signals. A step, a unit or a gate that is named is a link that goes there.

/** @import { Blend, Gated, CellUpdate, Rule, Signal } from "../common/payload.d.ts" */
/** @import { Patch, State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { insteadOf } from "./changes.js"
import { boxOf } from "./explain.js"
import { el, hasFocus } from "../common/dom.js"
import { percent, signed } from "../common/format.js"
import { toStep } from "../common/state.js"

const LONG = 130 // characters of a sentence that says enough for itself
const FULL = 230 // characters that leave no room for more on two lines

/** @param {number} value */
const number = (value) => signed(value, 2)

// How a unit's new hidden state comes about, by the kind of its rule.
const BECAUSE = {
  /** @param {Trace} trace @param {Rule} _ @param {number} step @param {number} unit */
  affine(trace, _, step, unit) {
    const { inputPart, recurrentPart, activation } = trace.affine("h", step, unit)
    return `${number(inputPart)} from the input and ${number(recurrentPart)} from the old state go into ${activation}`
  },
  /** @param {Trace} trace @param {Blend} rule @param {number} step @param {number} unit */
  blend(trace, rule, step, unit) {
    const kept = trace.kept(rule, step, unit), candidate = trace.byKey[rule.new]
    return `its ${trace.byKey[rule.gate].name} keeps ${percent(kept)} of the old state and lets ${percent(1 - kept)} ` +
      `of the ${candidate.name} (${number(trace.value(rule.new, step, unit))}) in`
  },
  /** @param {Trace} trace @param {CellUpdate} rule @param {number} step @param {number} unit */
  cell_update: (trace, rule, step, unit) =>
    `its ${trace.byKey[rule.forget].name} keeps ${percent(trace.value(rule.forget, step, unit))} of the old state, and its ` +
    `${trace.byKey[rule.write].name} lets ${percent(trace.value(rule.write, step, unit))} of the ${trace.byKey[rule.new].name} in`,
  /** @param {Trace} trace @param {Gated} rule @param {number} step @param {number} unit */
  gated: (trace, rule, step, unit) =>
    `its ${trace.byKey[rule.gate].name} lets ${percent(trace.value(rule.gate, step, unit))} of tanh of the ` +
    `${trace.byKey[rule.inner].name} (${number(Math.tanh(trace.value(rule.inner, step, unit)))}) out`,
}

/** @param {Trace} trace @param {number} step @param {number} unit */
function moved(trace, step, unit) {
  const [from, to] = [step - 1, step].map((at) => number(trace.value("h", at, unit)))
  return from === to ? `stays at ${to}` : `goes from ${from} to ${to}`
}

/** @param {Trace} trace @param {number} step @param {number} unit */
function because(trace, step, unit) {
  const { rule } = trace.byKey.h
  const reason = /** @type {(trace: Trace, rule: Rule, step: number, unit: number) => string} */ (BECAUSE[rule.kind])
  return insteadOf(trace, trace.byKey.h, step, unit)?.replace(/^held/, "it is held") ?? reason(trace, rule, step, unit)
}

// At the place that a story is about, what it tells; else the answer, and what the chosen unit does.
/** @param {Trace} trace @param {number} step @param {number} unit */
export function sentenceOf(trace, step, unit) {
  const said = trace.sentences[step - 1] ?? ""
  if (trace.told?.[0] === step && said.length > LONG) return said
  const mover = trace.mover(step), most = mover === unit
  const others = most ? "" : ` Unit ${mover} moves most: it ${moved(trace, step, mover)}.`
  const text = `${said} At step ${step} unit ${unit} ${moved(trace, step, unit)}` +
    `${most ? ", the largest move of all" : ""}: ${because(trace, step, unit)}.${others}`
  const elsewhere = trace.most && trace.most !== step && text.length < FULL
  return elsewhere ? `${text} ${trace.answer ? "The answer changes" : "The hidden state moves"} most at step ${trace.most}.` : text
}

/** @param {State} state */
export function createSentence(state) {
  const root = el("p", { class: "sentence" })
  /** @type {Trace} */
  let trace
  /** @type {Map<string, string>} a gate's name -> its box in the diagram */
  let names

  /** @param {Trace} next */
  function load(next) {
    trace = next
    const gates = trace.columns.filter(({ kind, when }) => kind !== "square" && when === "now")
    names = new Map(gates.map((column) => [trace.byKey[column.signal].name, boxOf(column)]))
    names.delete(trace.byKey.h.name)
    root.title = ""
    update()
  }

  // where a word of the sentence leads: null where there is no such step or unit
  /** @param {string} word @returns {Patch | null} */
  const goal = (word) => {
    const [, what, text] = word.match(/^(step|unit) (\d+)$/i) ?? []
    const at = Number(text)
    if (what === undefined) return { box: names.get(word) ?? null }
    if (what === "step") return at >= 1 && at <= trace.steps ? { ...toStep(trace, at), playing: false } : null
    return at < trace.units ? { unit: at } : null
  }

  /** @param {string} text */
  function linked(text) {
    const words = new RegExp(`\\b([Ss]tep \\d+|[Uu]nit \\d+${[...names.keys()].map((name) => `|${name}`).join("")})\\b`)
    return text.split(words).map((part, i) => {
      const to = i % 2 ? goal(part.replace(/^[SU](?=tep|nit)/, (letter) => letter.toLowerCase())) : null
      return to ? el("button", { type: "button", class: "to", onclick: () => state.set(to) }, part) : part
    })
  }

  // inside a step, what it comes to is not told yet: what the operation does stands under the diagram
  function update() {
    const text = sentenceOf(trace, state.get("step"), state.get("unit")).trim()
    root.classList.toggle("later", state.get("op") !== null)
    if (root.title === text) return
    const focused = hasFocus(root)
    root.title = text // all of it, where it is too long for its two lines
    root.replaceChildren(...linked(text))
    if (focused) /** @type {HTMLElement | null} */ (root.querySelector(".to"))?.focus()
  }

  return { root, load, update }
}
