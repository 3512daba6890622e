/** The table of all checks. */

import { type Check, type Group, groups } from "../check.js";
import { asynchronous } from "./asynchronous.js";
import { collectionInformation } from "./collection-information.js";
import { discovery } from "./discovery.js";
import { httpHeaders } from "./http-headers.js";
import { httpStatus } from "./http-status.js";
import { inbox } from "./inbox.js";
import { multiPart } from "./multi-part.js";
import { poll } from "./poll.js";
import { queriesOfDefaultFormat } from "./queries.js";
import { ranges } from "./ranges.js";
import { security } from "./security.js";
import { statuses } from "./statuses.js";
import { subscriptionParameters } from "./subscription-parameters.js";
import { subscriptions } from "./subscriptions.js";
import { versions } from "./versions.js";

const byGroup: Readonly<Record<Group, readonly Check[]>> = {
  "http-headers": httpHeaders,
  "http-status": httpStatus,
  versions,
  discovery,
  "collection-information": collectionInformation,
  statuses,
  poll,
  ranges,
  "multi-part": multiPart,
  asynchronous,
  queries: queriesOfDefaultFormat,
  inbox,
  subscriptions: [...subscriptions, ...subscriptionParameters],
  security,
};

/** All checks, each with its group, in the order they are run. */
export const checks: readonly { readonly check: Check; readonly group: Group }[] = groups.flatMap((group) =>
  byGroup[group].map((check) => ({ check, group })),
);
