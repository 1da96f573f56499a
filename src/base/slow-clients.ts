/**
 * How long a client may take to say what it wants, in milliseconds: whoever sends a byte now and then holds a connection
 * for no longer. Bodies have a time of their own (`requestTimeout`), for they may be long.
 */
export const SLOW_CLIENTS = { headersTimeout: 15_000, connectionsCheckingInterval: 3_000 } as const
