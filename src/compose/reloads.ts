import { type Configuration, filesOf, reloadConfiguration } from '../config/configuration.ts'
import { restartNote } from '../config/restart-note.ts'
import { ConfigWatch } from '../config/watch.ts'
import type { WatchedFiles } from '../config/watched-files.ts'
import type { Workshop } from '../operations/workshop.ts'
import { compileInWorkshop } from '../operations/written-rules.ts'
import type { CurrentConfiguration } from './current-configuration.ts'
import type { Observation } from './observation.ts'
import { namesOf } from './vitals.ts'

interface Parts {
  /** Path of the configuration file. */
  readonly config: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Those of the configuration in force, as they were before that was read. */
  readonly files: WatchedFiles
  readonly current: CurrentConfiguration
  readonly workshop: Workshop
  readonly observation: Pick<Observation, 'log' | 'telemetry'>
  /** Called once a new configuration is in force. */
  onReloaded(): void
}

/** Puts each valid change of the configuration's files in force, and says of any other why it is not. */
export function watchConfiguration({
  config,
  env,
  files,
  current,
  workshop,
  observation: { log, telemetry },
  onReloaded,
}: Parts): ConfigWatch<Configuration> {
  const started = current.configuration
  const compile = compileInWorkshop(workshop, () => current.configuration.config.tuning.candidates)
  return new ConfigWatch(started, {
    load: (running, willRead) => reloadConfiguration(config, env, running, { compile, willRead }),
    filesOf,
    files,
    onLoaded(loaded) {
      current.replaceBy(loaded)
      telemetry.follow(namesOf(loaded))
      telemetry.reloads.accepted += 1
      onReloaded()
      log.info({ config, ...restartNote(started.process, loaded.process) }, 'the configuration was reloaded')
    },
    onRefused(why) {
      current.refuse(why.message)
      telemetry.reloads.refused += 1
      log.error({ config, why: why.message }, 'the new configuration is invalid; the old one stays in force')
    },
  })
}
