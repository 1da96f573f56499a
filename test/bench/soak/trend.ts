/** A least-squares line through points. */
export interface Trend {
  readonly slope: number
  /** Standard error of the slope, treating the residuals as independent. */
  readonly error: number
}

export function trendOf(points: readonly { readonly x: number; readonly y: number }[]): Trend {
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  const spread = mean((point) => (point.x - x) ** 2)
  const slope = mean((point) => (point.x - x) * (point.y - y)) / spread
  const rest = mean((point) => (point.y - y - slope * (point.x - x)) ** 2)
  return { slope, error: Math.sqrt(rest / spread / (points.length - 2)) }
}
