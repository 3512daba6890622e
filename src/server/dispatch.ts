/** From a message to the service that answers it, and through its handlers. */

import type { MessageFormat } from "../http/headers.js";
import { type AnyRequest, isMessage10, type Request10, type Request11, versionOf } from "../message/exchanges.js";
import { StatusError } from "../message/status-error.js";
import { bindingIds, versionsOf } from "./bindings.js";
import type { Context } from "./context.js";
import { type AnyReply, type Next, runHandlers } from "./handler.js";
import { elementIn, elementOf, handledAs } from "./messages.js";
import type { Service } from "./service.js";
import { translated } from "./translate.js";

/**
 * The service that answers a message: the first of those at its address that has handlers for it and speaks its version.
 *
 * @throws StatusError `BAD_MESSAGE` that names what is taken (SVC-GEN-005); `UNSUPPORTED_MESSAGE` when only the version is not spoken
 */
export function chooseService(message: AnyRequest, candidates: readonly Service[], formats: readonly MessageFormat[]): Service {
  const types = handledAs(message);
  const version = versionOf(message);
  const taking = candidates.filter(({ handlers }) => handlers.some(({ shape }) => types.includes(shape.name)));
  const service = taking.find(({ versions }) => versions.includes(version));
  if (service !== undefined) return service;
  if (taking.length > 0) {
    throw new StatusError("UNSUPPORTED_MESSAGE", {
      message: `This service does not take ${elementOf(message)} in TAXII ${version}.`,
      details: { SUPPORTED_BINDING: bindingIds(versionsOf(taking), formats) },
    });
  }
  const taken = candidates.flatMap(({ handlers }) => handlers.map(({ shape }) => elementIn(version, shape)));
  throw new StatusError("BAD_MESSAGE", {
    message: `This service does not take ${elementOf(message)}; it takes ${[...new Set(taken)].filter((name) => name !== undefined).join(", ")}.`,
  });
}

/** Runs a message through the handlers of its service; one of TAXII 1.0 through those for its translation as well. */
export function dispatch(message: AnyRequest, context: Context): Promise<AnyReply> {
  if (!isMessage10(message)) return answerIn11(message, context);
  const own = context.service.handlers.filter(({ shape }) => shape.name === message.$type);
  const last = translated((request) => answerIn11(request, context) as ReturnType<Next<Request11>>, context);
  return runHandlers(own, message, context, (request) => last(request as Request10));
}

function answerIn11(message: Request11, context: Context): Promise<AnyReply> {
  const handlers = context.service.handlers.filter(({ shape }) => shape.name === message.$type);
  return runHandlers(handlers, message, context);
}
