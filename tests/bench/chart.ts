// Lines over sizes, as an SVG: both axes are logarithmic, so that a line that falls by the same share falls by the same height.

export interface Line {
  name: string
  points: { x: number; y: number }[]
}

const WIDTH = 420
const HEIGHT = 320
const COLORS = ['#1b6ca8', '#c0392b', '#27823b', '#8e44ad', '#b9770e', '#117a65', '#566573', '#d35400', '#2c3e50']

/** Colours come twice: the second time their lines are dashed. */
const strokeOf = (n: number) =>
  `stroke="${COLORS[n % COLORS.length]}" stroke-width="2"${n < COLORS.length ? '' : ' stroke-dasharray="6 3"'}`

function panelOf(title: string, lines: Line[], left: number): string {
  const all = lines.flatMap(({ points }) => points)
  const scale = (values: number[], from: number, to: number) => {
    const [low, high] = [Math.log10(Math.min(...values)) - 0.1, Math.log10(Math.max(...values)) + 0.1]
    return (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from)
  }
  const xs = [...new Set(all.map(({ x }) => x))].sort((a, b) => a - b)
  const xOf = scale(xs, left + 60, left + WIDTH - 20)
  const yOf = scale(
    all.map(({ y }) => y),
    HEIGHT - 40,
    40,
  )
  const low = Math.floor(Math.log10(Math.min(...all.map(({ y }) => y))))
  const decades = [0, 1, 2, 3, 4, 5, 6].map((n) => 10 ** (low + n)).filter((y) => yOf(y) >= 30 && yOf(y) <= HEIGHT - 30)
  const text = (x: number, y: number, what: string, anchor = 'middle') =>
    `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" text-anchor="${anchor}">${what}</text>`
  return [
    text(left + WIDTH / 2, 20, title),
    ...decades.map(
      (y) =>
        `<path d="M${left + 50} ${yOf(y).toFixed(1)}H${left + WIDTH - 10}" stroke="#ddd"/>${text(left + 46, yOf(y) + 4, String(Number(y.toPrecision(1))), 'end')}`,
    ),
    ...xs.map((x) => text(xOf(x), HEIGHT - 15, x.toLocaleString('en'))),
    ...lines.flatMap(({ points }, n) => {
      const color = COLORS[n % COLORS.length]
      const at = points.map(({ x, y }) => `${xOf(x).toFixed(1)},${yOf(y).toFixed(1)}`)
      return [
        `<polyline points="${at.join(' ')}" fill="none" ${strokeOf(n)}/>`,
        ...at.map((each) => `<circle cx="${each.split(',')[0]}" cy="${each.split(',')[1]}" r="3" fill="${color}"/>`),
      ]
    }),
  ].join('\n')
}

/** Two panels beside each other and the names of the lines below. */
export function chartOf(panels: { title: string; lines: Line[] }[]): string {
  const names = panels[0]?.lines.map(({ name }) => name) ?? []
  const legend = names.map((name, n) => {
    const [x, y] = [60 + (n % 4) * 200, HEIGHT + 20 + Math.floor(n / 4) * 20]
    return `<path d="M${x - 14} ${y - 4}h26" ${strokeOf(n)}/><text x="${x + 18}" y="${y}">${name}</text>`
  })
  const height = HEIGHT + 20 + Math.ceil(names.length / 4) * 20
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${panels.length * WIDTH}" height="${height}" font-family="sans-serif" font-size="12">
<title>What is asked of Dateline, against how many articles there are</title>
<rect width="100%" height="100%" fill="#fff"/>
${panels.map(({ title, lines }, n) => panelOf(title, lines, n * WIDTH)).join('\n')}
${legend.join('\n')}
</svg>
`
}
