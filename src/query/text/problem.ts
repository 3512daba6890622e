/** Queries as text that cannot be understood. */

import { visible } from "../../codec/quote.js";
import { TaxiiError } from "../../errors.js";

/** From where to where something stands in a text, in UTF-16 units. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A query as text that cannot be understood. The message is the reason, and below it the place with a mark under it. */
export class QueryTextError extends TaxiiError {
  declare readonly code: "QUERY_TEXT";
  /** What is wrong, or what was expected. */
  readonly reason: string;
  /** From where to where the fault is, in UTF-16 units from the beginning of the text; nothing is between where something is missing. */
  readonly place: Place;

  constructor(text: string, reason: string, place: Place) {
    super("QUERY_TEXT", `${reason}\n${pointAt(text, place)}`);
    this.reason = reason;
    this.place = place;
  }
}

/** The characters of a line before the fault, of the fault, and behind it that are shown. */
const longest = { lead: 50, fault: 60, tail: 20 };

/** The text on one line, and a mark below the place. */
function pointAt(text: string, { start, end }: Place): string {
  const show = (part: string): string => visible(part.replace(/\s/g, " "));
  const lead = show(text.slice(0, start));
  const shownLead = lead.length > longest.lead ? `…${lead.slice(1 - longest.lead)}` : lead;
  const fault = shortened(show(text.slice(start, end)), longest.fault);
  return `  ${shownLead}${fault}${shortened(show(text.slice(end)), longest.tail)}\n  ${" ".repeat(shownLead.length)}${"^".repeat(Math.max(1, fault.length))}`;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
