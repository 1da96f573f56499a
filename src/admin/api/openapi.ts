import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'

type Json = Readonly<Record<string, unknown>>

const Failure = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.enum(['invalid_request_error', 'server_error']),
    param: z.null(),
    code: z.string(),
    metadata: z.looseObject({}).optional(),
  }),
})

const ROLE_WORDS = {
  public: 'Public: no credentials needed.',
  any: 'For anyone who is signed in.',
  holder: 'For holders of API keys.',
  viewer: 'For viewers, reviewers and admins.',
  reviewer: 'For reviewers and admins.',
  admin: 'For admins.',
} as const

/** OpenAPI 3.1 for these endpoints, derived entirely from their registration data. */
export function openApiOf(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Trivium admin API',
      version,
      description:
        'Everything the console can do. Amounts of money are US dollars, exact to a billionth; `*_nusd` fields are integers in billionths of a dollar.',
    },
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'trivium_session',
          description:
            'Set by `POST /api/session`. Requests that change anything also need the header `x-csrf-token`.',
        },
      },
      schemas: { Failure: schemaOf(Failure, 'output') },
    },
  }
}

function operationOf({ path, method, role, summary, query, body, answer, status }: Endpoint): Json {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const { properties = {}, required = [] } = schemaOf(query, 'input')
  const inQuery = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/\/?[:/](\w)/g, (_, first: string) => first.toUpperCase())}`,
    summary,
    description: ROLE_WORDS[role],
    ...(role === 'public' && { security: [] }),
    'x-role': role,
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      [status]: { description: 'Success.', content: contentOf(answer) },
      default: {
        description: 'Refused or failed.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
      },
    },
  }
}

function contentOf(answer: Endpoint['answer']): Json {
  if (!('types' in answer)) return { 'application/json': { schema: schemaOf(answer, 'output') } }
  return Object.fromEntries(answer.types.map((type) => [type, { schema: { type: 'string' } }]))
}

const Shape = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
})

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): z.infer<typeof Shape> {
  const { $schema, ...shape } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Bounds that hold for every JSON integer, and patterns implied by a format, are noise.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
    },
  })
  return Shape.parse(shape)
}
