/** One fault for each check. */

import type { Fault } from "../fault.js";
import { httpFaults } from "./http.js";
import { inboxFaults } from "./inbox.js";
import { informationFaults } from "./information.js";
import { partFaults } from "./parts.js";
import { pollFaults } from "./poll.js";
import { queryFaults } from "./queries.js";
import { subscriptionFaults } from "./subscriptions.js";

/** Faults by the id of the check that finds them; functions without arguments make one anew. */
export const faults: Readonly<Record<string, Fault | (() => Fault)>> = {
  ...httpFaults,
  ...informationFaults,
  ...pollFaults,
  ...partFaults,
  ...queryFaults,
  ...inboxFaults,
  ...subscriptionFaults,
};
