// The stepper's part of the page's address: step, unit, operation and order. Written in place, without the server.


export function readLink(trace) {
  const params = new URL(window.location).searchParams
  const chosen = {}, notices = []
  const whole = (name, low, high, what) => {
    const text = params.get(name)
    if (text === null) return
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= low && value <= high) chosen[name] = value
    else notices.push(`The link asks for ${what} “${text.slice(0, 20)}”; there are ${low} to ${high}.`)
  }
  whole("step", 1, trace.steps, "step")
  if (!trace.signals) return { chosen, notices } // several cells beside each other: no unit is chosen
  whole("unit", 0, trace.units - 1, "unit")
  if (trace.operations.length > 1) whole("op", 0, trace.operations.length - 2, "operation")
  const sort = params.get("sort")
  if (sort === "index" || sort === "change") chosen.sort = sort
  else if (sort !== null) notices.push(`The link asks for the order “${sort.slice(0, 20)}”; there are index and change.`)
  return { chosen, notices }
}

export function writeLink(trace, state) {
  const url = new URL(window.location)
  const put = (name, value, leaveOut) =>
    value === leaveOut ? url.searchParams.delete(name) : url.searchParams.set(name, value)
  put("step", String(state.get("step")))
  if (trace.signals) {
    put("unit", String(state.get("unit")))
    put("op", state.get("op"), null)
    put("sort", state.get("sort"), "index")
  }
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url)
}
