/** Records of known shape, put where content may be written, so that the verdicts of queries about them are known. */

import type { PollResponse } from "../../generated/taxii11/index.js";
import { contentBindings } from "../constants.js";
import { applies, Ending, holds } from "./check.js";
import { elementOf, type PollWishes } from "./documents.js";
import type { Probe } from "./probe.js";
import type { AdvertisedQueries } from "./query-support.js";
import { describe, expectMessage, statusTypeOf, textOf } from "./reply.js";
import type { Target } from "./survey.js";
import { escaped, uniqueWord } from "./texts.js";

/** A package: what it says, by places every version of STIX has. */
interface Package {
  readonly title: string;
  /** Default: none; an empty text for an empty element. */
  readonly description?: string;
  /** Title and Description of each. Default: no Indicators. */
  readonly indicators?: readonly (readonly [string, string])[];
}

/** The packages, by the letter that verdicts name them with. */
const packages: Readonly<Record<string, Package>> = {
  a: {
    title: "Beacon One",
    description: "",
    indicators: [
      ["alpha", "10"],
      ["Beta", "9007199254740993"],
    ],
  },
  b: {
    title: "beacon one",
    indicators: [
      ["alphabet", " 9 "],
      ["ÄRGER", "2014-05-08T11:00:00+02:00"],
    ],
  },
  c: { title: "true", description: "2014-05-08T09:00:00.000001Z" },
  d: { title: "delta", description: "2020-01-01T00:00:00" },
};

/** Versions of STIX by their binding, which is the identifier of their vocabulary as well (QRY-STX-001). */
const versions: ReadonlyMap<string, string> = new Map([
  [contentBindings.stix111, "1.1.1"],
  [contentBindings.stix12, "1.2"],
  [contentBindings.stix11, "1.1"],
  [contentBindings.stix101, "1.0.1"],
  [contentBindings.stix10, "1.0"],
  [contentBindings.stix121, "1.2.1"],
]);

/** Whether an identifier is that of a vocabulary of STIX. */
export function isStixVocabulary(id: string): boolean {
  return versions.has(id);
}

/** What the records hold, where a query needs to know. */
export interface Place {
  readonly vocabulary: string;
  /** Of the vocabulary's STIX. */
  readonly version: string;
  /** In the id of each package, with its letter behind it. */
  readonly mark: string;
}

/** The records of one run. */
export class Records implements Place {
  readonly vocabulary: string;
  readonly version: string;
  readonly mark = `contract-test-${uniqueWord()}`;
  readonly #target: Target;
  readonly #advertised: AdvertisedQueries;
  #begin: string | undefined;

  private constructor(target: Target, advertised: AdvertisedQueries, vocabulary: string) {
    this.#target = target;
    this.#advertised = advertised;
    this.vocabulary = vocabulary;
    this.version = versions.get(vocabulary) ?? "";
  }

  /** The records of a run, which are put there by the check that needs them first. @throws Ending when they cannot be */
  static async at(probe: Probe): Promise<Records> {
    const known = put.get(probe.target);
    if (known !== undefined) return known;
    const records = Records.#put(probe);
    put.set(probe.target, records);
    // A check that ran out of time says nothing of the next one.
    records.catch(() => put.delete(probe.target));
    return records;
  }

  static async #put(probe: Probe): Promise<Records> {
    const { queries, record } = probe.target;
    const taken = record.contentBindings.map(({ bindingId }) => bindingId);
    const vocabulary = queries?.vocabularies.find((id) => isStixVocabulary(id) && (taken.length === 0 || taken.includes(id)));
    if (queries === undefined || vocabulary === undefined)
      throw new Ending("not applicable", "the collection to write to takes no content that a vocabulary of STIX describes");
    const records = new Records(probe.target, queries, vocabulary);
    await records.#send(probe, taken);
    return records;
  }

  async #send(probe: Probe, taken: readonly string[]): Promise<void> {
    this.#begin = (await probe.fetchTarget({ countOnly: true })).inclusiveEndTimestamp;
    const binding = this.vocabulary;
    // Each in a message, and so with a label, of its own.
    for (const [letter, content] of Object.entries(packages)) {
      const reply = await probe.push([{ binding, text: "", xml: this.#markup(letter, content) }]);
      applies(statusTypeOf(reply) === "SUCCESS", `records of known shape are not taken: ${describe(reply)}`);
    }
    // What cannot be looked into, and what no vocabulary of the query describes; not every collection takes them.
    await probe.push([{ binding, text: `${this.mark}-p is not XML` }]);
    const other = [...taken, "urn:example:contract-test"].find((id) => !isStixVocabulary(id));
    if (other !== undefined) await probe.push([{ binding: other, text: "", xml: this.#markup("o", { title: "Beacon One" }) }]);
    const there = await this.among(probe, {});
    applies(/^abcd/.test(there), "records that were taken cannot be polled, at least not yet (SVC-INBOX-004)");
  }

  #markup(letter: string, { title, description, indicators = [] }: Package): string {
    const element = (name: string, text: string): string => elementOf(name, {}, escaped(text));
    const header = element("stix:Title", title) + (description === undefined ? "" : element("stix:Description", description));
    const inside = indicators.map(([name, text], index) =>
      elementOf(
        "stix:Indicator",
        { id: `example:${this.mark}-${letter}-${index + 1}`, "xsi:type": "indicator:IndicatorType" },
        element("indicator:Title", name) + element("indicator:Description", text),
      ),
    );
    const attributes = {
      "xmlns:stix": "http://stix.mitre.org/stix-1",
      "xmlns:indicator": "http://stix.mitre.org/Indicator-2",
      "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
      "xmlns:example": "http://example.com/",
      id: `example:${this.mark}-${letter}`,
      version: this.version,
    };
    const list = inside.length === 0 ? "" : elementOf("stix:Indicators", {}, inside.join(""));
    return elementOf("stix:STIX_Package", attributes, elementOf("stix:STIX_Header", {}, header) + list);
  }

  /** Whether the service has a capability module. */
  hasModule(id: string): boolean {
    return this.#advertised.modules.includes(id);
  }

  /** Whether every target is within what it can search. */
  get isUnlimited(): boolean {
    return this.#advertised.scopes.includes("**");
  }

  /** Polls what the records are among. */
  poll(probe: Probe, wishes: Partial<PollWishes>): ReturnType<Probe["pollAt"]> {
    const { polling = "", record } = this.#target;
    return probe.pollAt(polling, { collection: record.collectionName, begin: this.#begin, ...wishes });
  }

  /**
   * The letters of the records that a poll gives, in all its parts.
   *
   * @throws Ending as not applicable when the query reaches outside of what the service can search
   */
  async among(probe: Probe, wishes: Partial<PollWishes>): Promise<string> {
    const found = new Set<string>();
    for (const { contentBlocks } of await this.parts(probe, wishes))
      for (const { content } of contentBlocks) for (const letter of this.#lettersIn(textOf(content))) found.add(letter);
    return [...found].sort().join("");
  }

  /** All parts of what a poll gives. @throws Ending as {@link Records.among} */
  async parts(probe: Probe, wishes: Partial<PollWishes>): Promise<readonly PollResponse[]> {
    const { polling = "", record } = this.#target;
    const first = await this.poll(probe, wishes);
    applies(this.isUnlimited || statusTypeOf(first) !== "UNSUPPORTED_TARGETING_EXPRESSION", "the service does not search all of a record");
    const parts = [expectMessage(first, "PollResponse")];
    for (let part = parts[0]; part?.more === true && part.resultId !== undefined; part = parts.at(-1)) {
      holds(parts.length < mostParts, `the result has no end after ${mostParts} parts`);
      const reply = await probe.fulfilAt(polling, record.collectionName, part.resultId, parts.length + 1);
      parts.push(expectMessage(reply, "PollResponse"));
    }
    return parts;
  }

  #lettersIn(text: string): string[] {
    const [, letter] = new RegExp(`${this.mark}-([a-z])`).exec(text) ?? [];
    return letter === undefined ? [] : [letter];
  }
}

const mostParts = 1000;

/** The records of a run, by the collection they were put into. */
const put = new WeakMap<Target, Promise<Records>>();
