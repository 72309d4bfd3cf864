// What Python sends to the components, as wire.js unpacks it. TypeScript holds it against what Python makes, both ways:
// tests/javascript/samples.py writes payloads down, and a key too many or too few in one of them is an error.

/** An array in a payload: where its numbers begin, of what type and how many they are; `numbers` makes an array of it. */
export interface Placed {
  type: "f4" | "i1" | "bits"
  at: number
  count: number
}

export type Numbers = Float32Array | Int8Array | Uint8Array

/** What `unpacked` adds to every payload. */
export interface Unpacked {
  numbers: (place: Placed) => Numbers
}

/** Where to stand; wire.py's Focus. */
export interface Focus {
  id: string
  step: number
  unit: number
  visit: number
  asked: Record<string, string> | null
}

// ui/step/payload.py

export interface StepPayload {
  id: string
  focus: Focus
  cell: string
  steps: number
  units: number
  features: number
  featureNames: string[]
  labels: string[]
  cut: Record<number, string>
  sentences: string[]
  told: [number, number] | null
  most: number | null
  known: boolean[]
  values: Record<string, Placed>
  initial: Record<string, Placed>
  inputs: Placed
  weights: Weights<Placed>
  biased: boolean
  activation: "tanh" | "relu"
  resetAfter: boolean
  xSymbol: string
  signals: Signal[]
  columns: Column[]
  operations: string[]
  answer: Answer | null
  board: Board | null
  scales: Record<"light" | "dark" | "gate", string[]>
  whatIf: WhatIf | null
}

/** What is changed, ui/step/what_if.py; `ghost`: the run behind; `leftOut`: what each token does for the answer. */
export interface WhatIf {
  what: string
  items: { text: string; words: string }[]
  told: string
  changes: Change[]
  ghost: Ghost | null
  leftOut: { effect: Placed; sentences: string[] } | null
  unknown: boolean
  replaces: boolean
}

/** An intervention where it acts: steps from `first` to `last`, and these units or all. */
export type Change =
  | { kind: "replace" | "skip"; first: number; last: number }
  | { kind: "shift"; first: number; last: number; units: number[] | null; block: number; by: number }
  | { kind: "hold"; first: number; last: number; units: number[] | null; signal: string; value: number }

export interface Ghost {
  steps: number
  values: Record<string, Placed>
  inputs: Placed
  labels: string[]
  differ: number[]
  texts: string[] | null
  bars: Placed | null
}

export interface Weights<Array> {
  input: Array
  recurrent: Array
  inputBias: Array
  recurrentBias: Array
}

export interface Signal {
  key: string
  name: string
  verb: string
  role: "reset" | "update" | "candidate" | "state" | "input_gate" | "forget" | "output" | "cell_state" | "input"
  bounds: [number, number] | null
  symbol: string
  at: string
  before: string
  weights: string[]
  flips: boolean
  ends: [string, string] | null
  node: string
  equation: string
  colour: { fill: string; onLight: string; onDark: string }
  sumReach: number | null
  rule: Rule
}

/** The rules of gruviz/signals.py, each with its kind. */
export type Rule = Affine | Blend | CellUpdate | Gated

export interface Affine {
  kind: "affine"
  block: number
  activation: "sigmoid" | "tanh" | "cell"
  scaled_by: string | null
  sign: 1 | -1
  shift: number
}

export interface Blend {
  kind: "blend"
  gate: string
  new: string
  writes: boolean
}

export interface CellUpdate {
  kind: "cell_update"
  forget: string
  write: string
  new: string
}

export interface Gated {
  kind: "gated"
  gate: string
  inner: string
}

export interface Column {
  kind: "square" | "gauge" | "parts" | "blend" | "cell_update"
  signal: string
  when: "now" | "before"
}

export interface Answer {
  label: string
  bars: Placed
  texts: string[]
  actual: string[]
  beside: string
  ranking: [string, number][][] | null
}

export interface Board {
  moves: string[]
  positions: Position[]
  pieces: Record<string, string>
}

/** `pieces`: 64 letters, a8 first; `legal`: where each move goes, by its name. */
export interface Position {
  pieces: string
  last: string
  white: boolean
  legal: Record<string, string>
  over: string
  name: string
}

// ui/compare/stepper.py

export interface ComparePayload {
  id: string
  focus: Focus
  steps: number
  labels: string[]
  known: boolean[]
  asked: string
  rows: ComparedRow[]
  actual: string[]
  beside: string
  differ: boolean[]
  board: Board | null
}

/** `best`: of a game, after each move the likeliest next one with its share, if there is one. */
export interface ComparedRow {
  cell: string
  fill: string
  onDark: string
  bars: Placed
  texts: string[]
  best: [string, number][][] | null
}

// ui/address.py

export interface AddressPayload {
  params: [string, string][]
  visit: number
  opened: number
  held: boolean
}

// ui/figure_files.py

export interface FiguresPayload {
  title: string
  lines: string[]
  name: string
  cursor: string
  tokens: string[]
  charts: Chart[]
  dark: boolean
  ink: string
  colours: Record<string, string>
}

export interface Chart {
  key: string
  heading: string
}

export interface PicturesPayload {
  place: [number, number] | null
}

// ui/train/payload.py: where there is nothing to draw, an array is an empty list

export type Curve = Placed | never[]

export interface TrainPayload {
  state: string
  axis: string
  updates: number
  mostUpdates: number
  seconds: number
  mostSeconds: number
  window: number
  measure: string
  goal: number
  shares: boolean
  x: Curve
  cells: Trained[]
  classes: string[]
}

export interface Trained {
  cell: string
  colour: { light: string; dark: string }
  loss: Curve
  score: Curve
  reached: number | null
  broken: number | null
  curve: Curve
  first: Curve
  gates: { key: string; name: string; light: string; dark: string; shares: Placed }[]
  keeps: string | null
  timescales: number[] | null
  heldOut: string | null
  confusion: number[][] | null
}
