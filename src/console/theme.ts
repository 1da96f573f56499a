import {
  Badge,
  Button,
  createTheme,
  Drawer,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  Modal,
  Paper,
  SegmentedControl,
  Select,
  TextInput,
  Tooltip,
} from '@mantine/core'

/** Near-black on light, near-white on dark: the page itself is monochrome, and only data is coloured. */
const ink: MantineColorsTuple = [
  '#f6f6f7',
  '#ececef',
  '#dcdce1',
  '#c3c3cb',
  '#9b9ba6',
  '#787884',
  '#5c5c67',
  '#42424b',
  '#2a2a31',
  '#17171c',
]

/** Dark surfaces, from text to background. */
const dark: MantineColorsTuple = [
  '#e4e4ea',
  '#b6b6c0',
  '#9a9aa6',
  '#6f6f7b',
  '#3a3b44',
  '#2b2c34',
  '#1d1e25',
  '#15161b',
  '#101116',
  '#0b0c10',
]

export const theme = createTheme({
  // In dark mode filled elements are light, so their text needs the background colour. No single colour works
  // in both modes.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input)
    return input.variant === 'filled' ? { ...colours, color: 'var(--sheet)' } : colours
  },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  autoContrast: true,
  black: '#17171c',
  colors: { ink, dark },
  // Fallbacks for scripts that Inter lacks, so that text looks alike on every machine that has them.
  fontFamily: "'Inter Variable', 'Noto Sans', 'Noto Sans CJK SC', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: { fontWeight: '600' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 500 } }),
    // Their scroll lock injects a style without a nonce.
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, radius: 'lg' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, multiline: true, maw: 320 } }),
  },
})
