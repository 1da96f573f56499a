import type { ReactElement } from 'react'

/** The logo: three roads meeting. */
export function Mark({ size = 20 }: { readonly size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M10 18v-6.5L3.5 4.5" stroke="var(--stem)" />
      <path d="M10 11.5V2.5" stroke="var(--fact)" />
      <path d="M10 11.5 16.5 4.5" stroke="var(--language)" />
    </svg>
  )
}
