import { Box, Table, Text } from '@mantine/core'
import type { Agreement } from '../../../admin/api/answers/agreement.ts'
import { CLASS_LOOKS } from '../../parts/class-names.ts'
import classes from './confusion-matrix.module.css'

/** Labels against the classifier's decisions. The diagonal is agreement; shades are shares of a row. */
export function ConfusionMatrix({ agreement }: { readonly agreement: Agreement }) {
  return (
    <Table className={classes.matrix} withRowBorders={false}>
      <Table.Caption>
        Rows: what people said. Columns: what the classifier said. Shades: shares of a row.
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {agreement.classes.map((verdict) => (
            <Table.Th key={verdict} scope="col">
              {CLASS_LOOKS[verdict].name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {agreement.classes.map((label, row) => {
          const counts = agreement.confusion[row] ?? []
          const all = counts.reduce((sum, count) => sum + count, 0)
          return (
            <Table.Tr key={label}>
              <Table.Th scope="row">{CLASS_LOOKS[label].name}</Table.Th>
              {agreement.classes.map((verdict, column) => (
                <Table.Td key={verdict} p={3}>
                  <Cell count={counts[column] ?? 0} of={all} agrees={row === column} />
                </Table.Td>
              ))}
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}

interface CellProps {
  readonly count: number
  readonly of: number
  readonly agrees: boolean
}

function Cell({ count, of, agrees }: CellProps) {
  const share = of === 0 ? 0 : count / of
  // Above 40 % of the colour, text on it would be hard to read.
  const strength = Math.round(share === 0 ? 0 : 6 + 34 * share)
  const color = agrees ? 'var(--good)' : 'var(--bad)'
  return (
    <Box
      className={classes.cell}
      style={{ background: `color-mix(in srgb, ${color} ${strength}%, var(--sheet))` }}
    >
      <Text fw={600} className="numbers">
        {count}
      </Text>
      <Text size="xs" className="numbers">
        {of === 0 ? '–' : `${(100 * share).toFixed(0)} %`}
      </Text>
    </Box>
  )
}
