/** Prints what a server lists: services, collections, subscriptions. */

import type { Shape } from "../binding/index.js";
import type { AnyMessage } from "../message/exchanges.js";
import { toJson } from "../message/forms.js";
import { type MessageForm, messageIn } from "./message-text.js";
import type { Output } from "./output.js";

/** How records of one kind are printed. */
export interface RecordKind<T extends object> {
  readonly shape: Shape<T>;
  readonly text: (record: T) => string;
  /** The message of TAXII 1.1 that holds them. */
  readonly message: (records: readonly T[]) => AnyMessage;
  /** The sentence for people when there are none. */
  readonly none: string;
}

/** Text for people, a line of libtaxii's JSON for each record, or the whole message as XML. */
export async function printRecords<T extends object>(
  records: readonly T[],
  form: MessageForm,
  { shape, text, message, none }: RecordKind<T>,
  output: Output,
): Promise<void> {
  if (form === "xml") return output.out(messageIn("xml", message(records), true));
  for (const record of records) await output.out(form === "json" ? `${toJson(shape, record)}\n` : text(record));
  if (records.length === 0) output.err(`${none}\n`);
}
