/** Services that a server could not serve, found before they are in its database. */

import { routesOf } from "../../server/routes.js";
import { servicesFrom } from "../../server/service-records.js";
import type { ServiceRecord } from "../../storage/index.js";
import { UsageError } from "../failure.js";

/**
 * Refuses services that cannot be served together: a server that runs would go on with the former ones, and one that is started
 * would not.
 *
 * @throws UsageError
 */
export function checkServices(records: readonly ServiceRecord[]): void {
  try {
    routesOf(servicesFrom(records), ["xml"]);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UsageError(cause.message, { cause });
  }
}
