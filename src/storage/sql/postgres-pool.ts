/** Connections that may be lost at any time. */

import type { PostgresPool, PostgresPoolClient } from "kysely";
import { isLost } from "./postgres-errors.js";

/** The pool of the driver. */
export interface DriverPool {
  connect(): Promise<DriverClient>;
  end(): Promise<void>;
  on(event: "connect", listener: (client: DriverClient) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

interface DriverClient extends Omit<PostgresPoolClient, "release"> {
  release(destroy?: boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** A pool from which a lost connection is taken out, and which no lost connection brings down with it. */
export function sturdyPool(pool: DriverPool): PostgresPool {
  // Without listener these events would end the process. Whoever was waiting for an answer gets the error as well.
  const ignore = (): void => undefined;
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return {
    connect: async () => watched(await pool.connect()),
    end: () => pool.end(),
  };
}

/** A connection that is not used again once it was lost, not even to roll back. */
function watched(client: DriverClient): PostgresPoolClient {
  let failure: Error | undefined;
  const query = async (...args: readonly unknown[]): Promise<unknown> => {
    if (failure !== undefined) throw failure;
    try {
      return await Reflect.apply(client.query, client, args);
    } catch (error) {
      if (error instanceof Error && isLost(error)) failure = error;
      throw error;
    }
  };
  return { query, release: () => client.release(failure !== undefined) } as PostgresPoolClient;
}
