/** What the commands put on standard output. */

import type { Shape } from "../../binding/index.js";
import { toXml } from "../../codec/xml.js";
import type { AnyMessage } from "../../message/exchanges.js";
import { toText } from "../../message/forms.js";
import { messageIn } from "../message-text.js";
import { printable } from "../output.js";
import type { Session } from "./session.js";

type Printing = Pick<Session, "asXml" | "environment">;

/** Prints parts of a message, each as indented XML, or as text with an empty line behind it, and tells how many there are. */
export async function printParts<T extends object>(
  shape: Shape<T>,
  values: readonly T[],
  { asXml, environment, detail }: Printing & Pick<Session, "detail">,
): Promise<void> {
  for (const value of values) {
    if (asXml) await printFaithfully(toXml(shape, value, { pretty: true, declaration: false }), environment);
    else await environment.output.out(`${printable(toText(shape, value))}\n`);
  }
  detail(`received ${values.length} × ${shape.element}`);
}

/** Prints a message, as indented XML or as text. */
export async function printMessage(message: AnyMessage, { asXml, environment }: Printing): Promise<void> {
  if (asXml) await printFaithfully(messageIn("xml", message, true), environment);
  else await environment.output.out(printable(messageIn("text", message)));
}

/**
 * Prints a text, with a line break behind it if it has none. On a terminal, what one would act on is made visible; elsewhere
 * the text stays what it is.
 */
export async function printFaithfully(text: string, { output }: Pick<Session["environment"], "output">): Promise<void> {
  const line = text.endsWith("\n") ? text : `${text}\n`;
  await output.out(output.outIsTerminal ? printable(line) : line);
}
