/** Results for people: under headings, with counts at the end. */

import type { CheckResult, Group, Outcome } from "../../contract/index.js";

const headings: Readonly<Record<Group, string>> = {
  "http-headers": "HTTP header fields",
  "http-status": "HTTP methods and statuses",
  versions: "Versions",
  discovery: "Discovery",
  "collection-information": "Collection information",
  statuses: "Status messages",
  poll: "Polls",
  ranges: "Ranges",
  "multi-part": "Results in parts",
  asynchronous: "Results that come later",
  queries: "Queries",
  inbox: "Inboxes",
  subscriptions: "Subscriptions",
  security: "Security",
};

const widthOfOutcome = 16;
const widthOfId = 25;

/** Writes one result after the other. */
export class TextReport {
  #group: Group | undefined;
  #detail = "";

  /** The lines of a result, with a heading where a group begins. A detail that was just said is not repeated. */
  line({ group, outcome, level, id, version, title, detail }: CheckResult): string {
    const heading = group === this.#group ? "" : `${this.#group === undefined ? "" : "\n"}${headings[group]}\n`;
    const more = detail === "" || detail === this.#detail ? "" : `${" ".repeat(widthOfOutcome + 2)}${detail}\n`;
    this.#group = group;
    this.#detail = detail;
    const weight = outcome === "broken" ? ` [${level}]` : "";
    return `${heading}  ${outcome.padEnd(widthOfOutcome)}${id.padEnd(widthOfId)} ${version}  ${title}${weight}\n${more}`;
  }
}

/** How many there are of each outcome, and what the broken ones weigh. */
export function countsText(results: readonly CheckResult[]): string {
  const count = (wanted: Outcome): number => results.filter(({ outcome }) => outcome === wanted).length;
  const broken = results.filter(({ outcome }) => outcome === "broken").map(({ level }) => level);
  const weights = [...new Set(broken)].map((level) => `${broken.filter((one) => one === level).length} ${level}`);
  const weighed = weights.length === 0 ? "" : ` (${weights.join(", ")})`;
  const others = `${count("not applicable")} not applicable, ${count("not reachable")} not reachable`;
  return `\n${results.length} checks: ${count("holds")} hold, ${count("broken")} broken${weighed}, ${others}\n`;
}
