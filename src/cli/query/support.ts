/** Whether a producer says that it can answer a query. */

import type { Query, ServiceInstance } from "../../../generated/taxii11/index.js";
import { describeMissing, missingSupport } from "../../query/advertised.js";

/**
 * What a query needs and the poll services of a producer do not say that they have (QRY-INF-004), in sentences with the
 * services' words in them.
 *
 * @returns nothing when one of the services has it all
 */
export function warningsFor(query: Query, services: readonly ServiceInstance[]): readonly string[] {
  const polls = services.filter(({ serviceType, available }) => serviceType === "POLL" && available !== false);
  const missing = missingSupport(
    query,
    polls.flatMap(({ supportedQueries }) => supportedQueries),
  );
  return missing.map((one) => {
    if (one.kind === "queries") return "no poll service of this producer says that it takes queries";
    const sentence = describeMissing(one, "the producer");
    return one.kind === "vocabulary" ? `${sentence} (see --tev)` : sentence;
  });
}
