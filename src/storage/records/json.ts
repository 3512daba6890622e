/** Parts of messages as text: in JSON, from which they come back as they were. */

import type { PushParameter, Query, ResponseType, SubscriptionParameters } from "../../../generated/taxii11/index.js";
import { type Content, checkedXml, isXmlContent } from "../../binding/content.js";
import { isDefaulted, markDefaulted } from "../../codec/defaulted.js";

/** What is defaulted in the message is absent in the text, so that it is absent again when it is echoed (XML-GEN-010). */
export function writeParameters(parameters: SubscriptionParameters): string {
  const { responseType, contentBindings, query } = parameters;
  return JSON.stringify({
    responseType: isDefaulted(parameters, "responseType") ? undefined : responseType,
    contentBindings,
    query,
  });
}

export function readParameters(text: string): SubscriptionParameters {
  const stored = JSON.parse(text) as Partial<SubscriptionParameters>;
  const { responseType = "FULL" satisfies ResponseType, contentBindings = [], query } = stored;
  const parameters: SubscriptionParameters = { responseType, contentBindings };
  if (query !== undefined) parameters.query = withKnownMarkup(query);
  if (stored.responseType === undefined) markDefaulted(parameters, "responseType");
  return parameters;
}

export function writeQuery(query: Query): string {
  return JSON.stringify(query);
}

export function readQuery(text: string): Query {
  return withKnownMarkup(JSON.parse(text) as Query);
}

export function writePush({ protocolBinding, address, messageBinding }: PushParameter): string {
  return JSON.stringify({ protocolBinding, address, messageBinding });
}

export function readPush(text: string): PushParameter {
  return JSON.parse(text) as PushParameter;
}

/** Markup was checked before it was stored: writers need not do it again. */
function withKnownMarkup({ formatId, content }: Query): Query {
  return { formatId, content: known(content) };
}

function known(content: Content): Content {
  return isXmlContent(content) ? checkedXml(content.xml) : content;
}
