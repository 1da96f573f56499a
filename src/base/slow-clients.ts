/**
 * How long a client may take to send its headers, in milliseconds: trickling bytes holds a connection no
 * longer. Bodies may be long and have their own limit (`requestTimeout`).
 */
export const SLOW_CLIENTS = { headersTimeout: 15_000, connectionsCheckingInterval: 3_000 } as const
