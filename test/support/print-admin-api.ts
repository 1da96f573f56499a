import { compose } from '../../src/compose.ts'
import { prepareHouse } from './house.ts'

// Prints the contents of docs/admin-api.json: the admin API's own documentation.
const { config, close } = await prepareHouse()
const trivium = await compose({ config, env: {} })
const served: unknown = await (await fetch(`${trivium.adminUrl}/api/openapi.json`)).json()
process.stdout.write(`${JSON.stringify(served, null, 2)}\n`)
await trivium.close()
await close()
