import type { ReactElement } from 'react'

/** Drawn on a 16-pixel grid with a 1.5-pixel stroke in the text colour. */
const SHAPES = {
  overview: 'M2.5 13.5h11M4 11V8.5M8 11V3.5M12 11V6',
  savings:
    'M8 2.2v11.6M11 4.7C10.4 3.9 9.4 3.5 8 3.5c-1.7 0-3 .8-3 2.2C5 8.8 11.2 7 11.2 10.2c0 1.5-1.4 2.3-3.2 2.3-1.6 0-2.8-.6-3.3-1.5',
  requests: 'M2.5 4h11M2.5 8h11M2.5 12h6.5',
  review: 'M2.5 8.3 6 11.8l7.5-8',
  tuning: 'M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6M9.7 2.8v3.4M6.2 9.8v3.4',
  teams:
    'M6 7.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM1.8 13.3c.3-2.3 2-3.6 4.2-3.6s3.9 1.3 4.2 3.6M11 2.9a2.3 2.3 0 0 1 0 4.2M12.3 9.9c1.1.6 1.8 1.7 2 3.4',
  key: 'M5.3 13a2.7 2.7 0 1 0 0-5.3 2.7 2.7 0 0 0 0 5.3ZM7.3 8.5 13.2 2.6M10.5 5.3l2 2',
  audit: 'M4 2.5h8v11H4zM6.3 5.5h3.4M6.3 8h3.4M6.3 10.5h2',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2',
  sun: 'M8 10.7a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z',
  leave: 'M6.5 2.5h-3v11h3M10 5l3 3-3 3M13 8H6.5',
  help: 'M5.8 6.1A2.2 2.2 0 1 1 8 8.3v1.2M8 12v.2M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  close: 'M4 4l8 8M12 4l-8 8',
  right: 'M6 3.5 10.5 8 6 12.5',
  left: 'M10 3.5 5.5 8l4.5 4.5',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
} as const
export type IconName = keyof typeof SHAPES

/** Decorative: its meaning is stated in text beside it or in a label. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={SHAPES[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
