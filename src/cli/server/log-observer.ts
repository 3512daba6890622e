/** What the log says of events. */

import type { Logger } from "pino";
import type { PushParameter } from "../../../generated/taxii11/index.js";
import type { Observer, RequestAnswered } from "../../server/events.js";
import { reasonOf } from "../output.js";

/** Characters of a text that a peer chose. */
const longest = 200;

/** An observer that writes a line for each request, and one for what operators want to know. */
export function logObserver(log: Logger, { requests }: { readonly requests: boolean }): Observer {
  return {
    ...(requests ? { requestAnswered: (event) => logRequest(log, event) } : {}),
    loginFailed: ({ account, address, reason }) => log.warn({ account: shortened(account), address, reason }, "login failed"),
    subscriptionChanged: ({ requestId, action, account, subscription: { id, collection } }) =>
      log.info({ requestId, action, account: account?.name, subscription: id, collection }, "subscription changed"),
    resultMade: ({ id, owner, collection, state, error }) =>
      log.info({ result: id, owner, collection, state, reason: error }, "result made"),
    delivered: ({ target, subscription, result, blocks, duration }) =>
      log.info(
        { target: addressOf(target), subscription: subscription?.id, result: result?.id, blocks, duration: Math.round(duration) },
        "delivered",
      ),
    deliveryFailed: ({ target, subscription, result, attempts, parked, error }) =>
      log.warn(
        { target: addressOf(target), subscription: subscription?.id, result: result?.id, attempts, parked, reason: reasonOf(error) },
        parked ? "delivery put aside" : "delivery failed",
      ),
  };
}

function logRequest(log: Logger, event: RequestAnswered): void {
  const { path, account, service, duration, broken, httpStatus, status } = event;
  const line = {
    ...event,
    path: shortened(path),
    account: shortened(account),
    service: service?.id,
    duration: Math.round(duration * 10) / 10,
  };
  const bad = broken || httpStatus >= 500 || status === "FAILURE";
  log[bad ? "warn" : "info"](line, "request");
}

function shortened(text: string | undefined): string | undefined {
  return text === undefined || text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/** An address without credentials and query, which may be secret. */
function addressOf({ address }: PushParameter): string | undefined {
  return shortened(URL.canParse(address) ? `${new URL(address).origin}${new URL(address).pathname}` : address);
}
