/** Checks and copies of what subscriptions and result sets have in common. */

import type { ContentBindingId, PushParameter, Query, SubscriptionParameters } from "../../../generated/taxii11/index.js";
import { isDefaulted, markDefaulted } from "../../codec/defaulted.js";
import { ValidationError } from "../../errors.js";
import { keepContent } from "../markup.js";
import type { Check } from "./check.js";

/** A copy of subscription parameters, with markup that is known to be well-formed. */
export function keepParameters(subject: string, parameters: SubscriptionParameters): SubscriptionParameters {
  const { responseType, contentBindings, query } = parameters;
  const kept: SubscriptionParameters = { responseType, contentBindings: keepBindings(contentBindings) };
  if (query !== undefined) kept.query = keepQuery(subject, "parameters.query", query);
  if (isDefaulted(parameters, "responseType")) markDefaulted(kept, "responseType");
  return kept;
}

/** @throws ValidationError for markup that could not be written into a message */
export function keepQuery(subject: string, path: string, { formatId, content }: Query): Query {
  const unfit = (message: string): Error => new ValidationError(subject, [{ path: `${path}.content`, message, severity: "error" }]);
  return { formatId, content: keepContent(content, unfit) };
}

export function keepBindings(bindings: readonly ContentBindingId[]): ContentBindingId[] {
  return bindings.map(({ bindingId, subtypes }) => ({ bindingId, subtypes: subtypes.map(({ subtypeId }) => ({ subtypeId })) }));
}

export function keepPush({ protocolBinding, address, messageBinding }: PushParameter): PushParameter {
  return { protocolBinding, address, messageBinding };
}

/** What subscriptions and result sets are owned by, in the same terms. */
export function checkOwned(check: Check, init: { readonly id: string; readonly owner: string; readonly version: string }): void {
  check.name("id", init.id);
  check.nameOrEmpty("owner", init.owner);
  check.oneOf("version", init.version, ["1.0", "1.1"]);
}
