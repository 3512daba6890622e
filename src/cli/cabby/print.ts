/** What the commands print: data on standard output, remarks on standard error. */

import type { Shape } from "../../binding/index.js";
import { toXml } from "../../codec/xml.js";
import type { AnyMessage } from "../../message/exchanges.js";
import { toText } from "../../message/forms.js";
import type { Environment } from "../environment.js";
import { messageIn } from "../message-text.js";
import { printable, printableLine } from "../output.js";
import { withoutSecrets } from "../secrets.js";
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
export async function printFaithfully(text: string, { output }: Pick<Environment, "output">): Promise<void> {
  const line = text.endsWith("\n") ? text : `${text}\n`;
  await output.out(output.outIsTerminal ? printable(line) : line);
}

/** Prints remarks on standard error, a line each, in the name of a program; peers' texts may be in them. */
export function remarks(program: string, environment: Environment): (text: string) => void {
  return (text) => environment.output.err(`${program}: ${withoutSecrets(environment, printableLine(text))}\n`);
}
