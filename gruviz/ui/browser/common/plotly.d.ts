// What the modules use of Plotly, which Streamlit leaves at window.Plotly, and of the figures that it drew.

export interface Axis {
  _offset: number
  l2p: (value: number) => number
  p2d: (pixel: number) => number
}

export interface Shape {
  x0: number
  x1: number
  y0: number
  y1: number
  yref: string
}

export interface Layout {
  shapes?: Shape[]
  xaxis?: { tickvals?: number[] }
  font?: { size?: number }
  [axis: `yaxis${string}`]: { tickfont?: { size?: number } } | undefined
  legend?: object
}

/** `meta` is what gruviz/figures writes: whether its rows are units, the signal that it shows of the chosen one, its unit, whether it is of the run behind */
export interface Data {
  name?: string
  yaxis?: string
  meta?: { rows?: string; chosen?: string; unit?: number; behind?: boolean }
}

export interface Point {
  data: Data
  y: number
}

export interface Figure extends HTMLElement {
  data: Data[]
  layout: Layout
  _fullLayout: Omit<Layout, "xaxis"> & { width: number; height: number; xaxis: Axis } & Record<`yaxis${string}`, Axis>
  _hoverdata?: Point[]
  on(event: "plotly_hover", listener: (event: { points: Point[] }) => void): void
  on(event: string, listener: () => void): void
}

declare global {
  interface Window {
    Plotly?: {
      relayout(figure: Figure, changes: Record<string, number>): void
      restyle(figure: Figure, changes: object, traces: number[]): void
      toImage(figure: object, options: { format: string; width: number; height: number }): Promise<string>
    }
  }
}
