// @ts-check
// What a person changes in the run: what is changed now, one by one to be taken back, and a form that changes more at the
// place that is shown. The server runs the network again and says what follows.

/** @import { Name, State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { attr, el, svg } from "../common/dom.js"
import { hold, read, shift, skip, unknown } from "./changes.js"

const TYPING = "input:not([type=range]):not([type=checkbox]), textarea, [contenteditable]:not([contenteditable=false])"

// `send` gives the server all changes, as the link writes them
/** @param {State} state @param {(text: string) => void} send */
export function createWhatIf(state, send) {
  const undoes = el("button", { type: "button", title: "Key: U, or Ctrl+Z", onclick: undo }, "Undo (U)")
  const opens = el("button", { type: "button", class: "what-if-open", "aria-expanded": "false", title: "Key: W", onclick: () => turn() }, "What if … (W)")
  const list = el("ul", { class: "changes" })
  const told = el("p", { class: "told", role: "status" })
  const signal = el("select", { "aria-label": "Signal to change", onchange: suggest })
  const units = el("select", { "aria-label": "Units to change" })
  const steps = el("select", { "aria-label": "Steps to change" })
  const value = el("input", { type: "number", step: "any", "aria-label": "Value to hold at" })
  const by = el("input", { type: "number", step: "any", value: "1", "aria-label": "Amount to shift the bias by" })
  const token = el("input", { type: "text", "aria-label": "Token to read instead", placeholder: "another token" })
  /** @param {string} name @param {() => unknown} run */
  const act = (name, run) => el("button", { type: "button", onclick: run }, name)
  const shifts = act("Shift its bias by", () => add(shift(signal.value, by.value, asked(units), asked(steps)), by))
  const silences = act("", () => silence(state.get("unit")))
  const forgets = act("", () => add(hold("h", 0, null, state.get("step"))))
  const skips = act("", () => add(skip(state.get("step"))))
  const unknowns = act("Read it as unknown", () => add(unknown(state.get("step"))))
  const reads = act("Read it as", () => token.value.trim() && add(read(state.get("step"), token.value)))
  const shifting = el("span", { class: "pair" }, shifts, by)
  const replacing = el("span", { class: "pair" }, reads, token)
  const form = el("div", { class: "form", hidden: "", role: "group", "aria-label": "Change the run" },
    el("div", { class: "line-of" }, signal, units, steps,
      el("span", { class: "pair" }, act("Hold at", () => add(hold(signal.value, heldAt(), asked(units), asked(steps)), value)), value),
      shifting),
    el("div", { class: "line-of" }, silences, forgets, skips, unknowns, replacing))
  const bar = el("div", { class: "bar-of" }, list, undoes)
  const root = el("section", { class: "what-if", "aria-label": "What if" }, bar, form, told)
  /** @type {Trace | null} */
  let trace = null
  /** @type {string[]} */
  const before = []
  let now = "", undone = false

  // a gate that the notation turns over is written as PyTorch has it
  const heldAt = () => (trace?.byKey[signal.value].flips ? 1 - Number(value.value) : Number(value.value))
  /** @param {HTMLSelectElement} select */
  const asked = (select) => select.value || null
  /** @param {HTMLSelectElement} select @param {[string | number, string][]} rows value and text */
  const choose = (select, ...rows) => select.replaceChildren(...rows.map(([value, text]) => el("option", { value }, text)))

  /** @param {Trace} next */
  function load(next) {
    const first = trace === null
    trace = next
    const given = trace.whatIf
    root.hidden = opens.hidden = !given
    if (!given) return
    if (given.what !== now && !undone && !first) before.push(now)
    undone = false
    now = given.what
    list.replaceChildren(...given.items.map(({ text, words }, i) => el("li", {}, el("span", {}, words),
      el("button", { type: "button", "aria-label": `Take back: ${words}`, title: text,
        onclick: () => put(given.items.filter((_, other) => other !== i).map((item) => item.text)) }, "×"))))
    undoes.hidden = !given.items.length && !before.length
    told.replaceChildren(given.told, ...(given.told ? [el("span", { class: "soft" }, " Dashed in the rows: the run behind.")] : []))
    const known = signal.value
    choose(signal, ...trace.signals.map((s) => /** @type {[string, string]} */ ([s.key, s.name])))
    signal.value = trace.byKey[known] ? known : (trace.operations.find(({ rule }) => rule.kind === "affine") ?? trace.operations[0]).key
    unknowns.hidden = !given.unknown
    replacing.hidden = !given.replaces
    suggest()
    update(new Set(["step", "unit"]))
  }

  // a value to hold the signal at, and whether it has a bias
  function suggest() {
    if (!trace) return
    const { bounds, rule } = trace.byKey[signal.value]
    const [low, high] = bounds ?? [null, null]
    value.min = String(low ?? "")
    value.max = String(high ?? "")
    value.value = low === 0 ? "1" : "0"
    shifting.hidden = rule.kind !== "affine"
  }

  /** @param {Set<Name>} changed */
  function update(changed) {
    if (!trace?.whatIf || !(changed.has("step") || changed.has("unit"))) return
    const step = state.get("step"), unit = state.get("unit"), word = `“${trace.labels[step - 1]}”`
    const kept = [units.selectedIndex, steps.selectedIndex].map((index) => Math.max(0, index))
    choose(units, [unit, `of unit ${unit}`], ["", "of all units"])
    choose(steps, [step, `at step ${step}`], [`${step}-end`, `from step ${step} on`], [`1-${step}`, `up to step ${step}`], ["", "at all steps"])
    units.selectedIndex = kept[0]
    steps.selectedIndex = kept[1]
    silences.textContent = `${isSilenced(unit) ? "No longer silence" : "Silence"} unit ${unit}`
    forgets.textContent = `Forget everything at step ${step}`
    skips.textContent = `Skip ${word}`
  }

  // once more than what there is; `field` has a number of its own
  /** @param {string} text @param {HTMLInputElement} [field] */
  function add(text, field) {
    if (!trace?.whatIf) return
    if (field && (field.value === "" || !field.checkValidity())) return void field.reportValidity()
    put([...trace.whatIf.items.map((item) => item.text), text])
  }

  /** @param {number} unit */
  const silenced = (unit) => hold("h", 0, String(unit), null)
  /** @param {number} unit */
  const isSilenced = (unit) => Boolean(trace?.whatIf?.items.some(({ text }) => text === silenced(unit)))

  // a unit whose h is held at 0 at every step, or no longer
  /** @param {number} unit */
  function silence(unit) {
    if (!trace?.whatIf) return false
    const texts = trace.whatIf.items.map(({ text }) => text), text = silenced(unit)
    put(texts.includes(text) ? texts.filter((other) => other !== text) : [...texts, text])
  }

  // A button for that where a unit is seen. `reached`: whether Tab comes to it.
  /** @param {string} words */
  function silencer(words = "") {
    let unit = 0, is = ""
    const sign = svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" },
      svg("path", { d: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11ZM4 12L12 4", fill: "none", stroke: "currentColor", "stroke-width": 1.6 }))
    const node = el("button", { type: "button", class: words ? "change" : "silence", onclick: () => silence(unit) }, words || sign)
    /** @param {number} next @param {boolean} reached */
    function show(next, reached) {
      const pressed = isSilenced(next), now = `${next} ${pressed} ${reached} ${Boolean(trace?.whatIf)}`
      if (now === is) return
      is = now
      unit = next
      node.hidden = !trace?.whatIf
      node.tabIndex = reached ? 0 : -1
      attr(node, { "aria-label": `Silence unit ${unit}`, "aria-pressed": String(pressed),
        title: `${pressed ? "Unit" : "Silence unit"} ${unit}${pressed ? " is silenced" : ""}: its hidden state is 0 at every step (S)` })
    }
    return { node, show }
  }

  /** @param {string[]} texts */
  const put = (texts) => send(texts.join(";"))

  // what was before: as the person saw it here, or, in a link opened just now, without the last change
  function undo() {
    if (!trace?.whatIf) return
    const last = before.pop() ?? trace.whatIf.items.slice(0, -1).map((item) => item.text).join(";")
    if (last === now) return
    undone = true
    send(last)
  }

  // opens the form, for a signal where it was asked for in its equation
  /** @param {boolean} open @param {string | null} key */
  function turn(open = Boolean(form.hidden), key = null) {
    form.hidden = !open
    opens.setAttribute("aria-expanded", String(open))
    if (!open) return
    if (key) {
      signal.value = key
      suggest()
    }
    ;(key ? value : signal).focus()
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = event.composedPath()[0]
    if (!(target instanceof Element) || target.closest(TYPING) || event.altKey || !root.isConnected) return
    if (event.key === "Delete" && target.matches(".chip") && trace?.whatIf) return add(skip(state.get("step")))
    const undoing = (event.ctrlKey || event.metaKey) ? event.key.toLowerCase() === "z" && !event.shiftKey : event.key === "u"
    if (undoing) undo()
    else if (event.key === "w" && !event.ctrlKey && !event.metaKey) turn()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  window.addEventListener("keydown", onKey, true)

  // the button in an equation that opens the form for its signal
  /** @param {string} key */
  const button = (key) => el("button", { type: "button", class: "change", "aria-label": `Change the ${trace?.byKey[key].name}`,
    onclick: () => turn(true, key) }, "what if …")

  return { root, opens, load, update, button, silence, silencer, close: () => window.removeEventListener("keydown", onKey, true) }
}
