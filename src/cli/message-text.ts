/** A message as the user wants to see it. */

import { messages as messages10 } from "../../generated/taxii10/index.js";
import { messages as messages11 } from "../../generated/taxii11/index.js";
import type { Shape } from "../binding/index.js";
import { toXml } from "../codec/xml.js";
import type { AnyMessage } from "../message/exchanges.js";
import { toJson, toText } from "../message/forms.js";

/** Forms a message can be written in. */
export const messageForms = ["xml", "json", "text"] as const;
export type MessageForm = (typeof messageForms)[number];

/** Every message of both versions. */
export const anyMessage = [...messages11, ...messages10];

/**
 * A message as XML, as libtaxii's JSON, or as text for people. Ends with a newline.
 *
 * @param pretty whether XML and JSON are indented. Default: false.
 * @throws ValidationError when the message is not valid by the schema
 */
export function messageIn(form: MessageForm, message: AnyMessage, pretty = false): string {
  const shape: Shape<AnyMessage> | undefined = anyMessage.find(({ name }) => name === message.$type);
  if (shape === undefined) throw new TypeError(`${message.$type} has no shape`);
  const text = write(form, shape, message, pretty);
  return text.endsWith("\n") ? text : `${text}\n`;
}

function write(form: MessageForm, shape: Shape<AnyMessage>, message: AnyMessage, pretty: boolean): string {
  switch (form) {
    case "xml":
      return toXml(shape, message, { pretty });
    case "json":
      return toJson(shape, message, { indent: pretty ? 2 : 0 });
    case "text":
      return toText(shape, message);
  }
}
