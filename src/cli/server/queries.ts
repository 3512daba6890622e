/** Who evaluates queries on a server that was configured. */

import { defaultQuery, type QueryHandler } from "../../server/index.js";
import type { ServerConfig } from "./config/schema.js";

/** The query handlers of all poll and collection management services. */
export function queryHandlers({ queries }: Pick<ServerConfig, "queries">): readonly QueryHandler[] {
  const { enabled, maxCriteria, ...options } = queries;
  return enabled ? [defaultQuery({ ...options, limits: maxCriteria === undefined ? {} : { maxCriteria } })] : [];
}
