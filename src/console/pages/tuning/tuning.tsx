import { Grid, Paper, Stack, Title } from '@mantine/core'
import { type ReactElement, useState } from 'react'
import { CandidatePage, Tuning } from '../../../admin/api/answers/tuning.ts'
import { may, useSession } from '../../api/session.ts'
import { useAnswer, useChange } from '../../api/use-api.ts'
import { PageFrame } from '../../parts/page-frame.tsx'
import { Answered } from '../../parts/state.tsx'
import { useView, ViewPicker } from '../../parts/view-picker.tsx'
import { CandidateTable } from './candidate-table.tsx'
import { DecideDialog, type Wish } from './decide-dialog.tsx'
import { HistoryList } from './history-list.tsx'
import { MoverTable } from './mover-table.tsx'
import { ReplayPanel } from './replay-panel.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { ShadowPanel } from './shadow-panel.tsx'
import { Standing } from './standing.tsx'
import { useCheck } from './use-check.ts'
import { useDraft } from './use-draft.ts'
import { useReplay } from './use-replay.ts'
import { Workbench } from './workbench.tsx'

const VIEWS = [
  { value: 'rules', label: 'Rules' },
  { value: 'candidates', label: 'Candidates' },
  { value: 'shadow', label: 'Shadow' },
  { value: 'history', label: 'History' },
] as const

export default function TuningPage(): ReactElement {
  const [view, show] = useView(VIEWS)
  const tuning = useAnswer(Tuning, '/api/tuning')
  return (
    <PageFrame
      title="Tuning"
      about="Change rules, see how last week would have been routed, promote, roll back."
      tools={<ViewPicker views={VIEWS} value={view} onChange={show} />}
    >
      <Answered of={tuning} what="the rules">
        {(answer) => <Panels tuning={answer} view={view} show={show} />}
      </Answered>
    </PageFrame>
  )
}

interface PanelsProps {
  readonly tuning: Tuning
  readonly view: string
  show(view: string): void
}

function Panels({ tuning, view, show }: PanelsProps) {
  const role = useSession().data?.role ?? null
  const mayEdit = may(role, 'reviewer')
  const mayDecide = may(role, 'admin')
  const drafting = useDraft(tuning)
  const check = useCheck(drafting.draft.text, mayEdit)
  const replaying = useReplay(drafting.draft.replay, (replay) => drafting.change({ replay }))
  const [isSaving, setSaving] = useState(false)
  const [wish, setWish] = useState<Wish>()
  const open = useChange(
    (api, version: string) =>
      api.get(CandidatePage, `/api/tuning/candidates/${version}`, {}, new AbortController().signal),
    ({ manifest, rules, thresholds }) => drafting.begin(manifest.version, rules, thresholds),
  )
  const begin = (version: string | null) =>
    version === null ? drafting.begin(null, tuning.rules, tuning.thresholds) : open.mutate(version)
  const edit = (version: string) => {
    begin(version)
    show('rules')
  }
  const report = replaying.replay?.report
  return (
    <>
      <Standing tuning={tuning} rollBack={mayDecide ? () => setWish({ action: 'rollback' }) : undefined} />
      {view === 'rules' && (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: mayEdit ? 7 : 12 }}>
            <Workbench
              tuning={tuning}
              drafting={drafting}
              check={check}
              readOnly={!mayEdit}
              begin={begin}
              save={() => setSaving(true)}
            />
          </Grid.Col>
          {mayEdit && (
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <ReplayPanel drafting={drafting} replaying={replaying} isSound={check.result?.ok === true} />
            </Grid.Col>
          )}
          {report != null && report.biggest.length > 0 && (
            <Grid.Col span={12}>
              <Paper p="lg" component="section" aria-label="Biggest movers">
                <Stack gap="xs">
                  <Title order={2} size="md">
                    Biggest movers
                  </Title>
                  <MoverTable movers={report.biggest} />
                </Stack>
              </Paper>
            </Grid.Col>
          )}
        </Grid>
      )}
      {view === 'candidates' && (
        <CandidateTable
          tuning={tuning}
          mayDecide={mayDecide}
          actions={{
            edit,
            shadow: (version) => setWish({ action: 'shadow', version }),
            promote: (version) => setWish({ action: 'promote', version }),
          }}
        />
      )}
      {view === 'shadow' && <ShadowPanel />}
      {view === 'history' && <HistoryList history={tuning.history} />}
      {isSaving && (
        <SaveDialog
          draft={drafting.draft}
          close={() => setSaving(false)}
          saved={(version) => {
            setSaving(false)
            begin(version)
            show('candidates')
          }}
        />
      )}
      {wish !== undefined && <DecideDialog wish={wish} close={() => setWish(undefined)} />}
    </>
  )
}
