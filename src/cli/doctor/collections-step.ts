/** The step of collections: which there are, and whether each can be polled. */

import type { CollectionRecord, ServiceInstance } from "../../../generated/taxii11/index.js";
import { TransportError } from "../../http/transport-error.js";
import { exitCodeOf } from "../failure.js";
import { mostListed, unlisted } from "./discovery-step.js";
import { type Examination, isPersonal, sentenceOf } from "./examination.js";
import { type Finding, failure, finding, type Note, remark, warning } from "./finding.js";

export interface CollectionsExamination {
  readonly finding: Finding;
  readonly collections: readonly CollectionRecord[];
}

/** @param wanted the collection the user asks about */
export async function examineCollections(
  { client, signal }: Examination,
  services: readonly ServiceInstance[] | undefined,
  wanted: string | undefined,
): Promise<CollectionsExamination> {
  try {
    const collections = await client.collections({ signal });
    return { finding: finding("collections", countText(collections), notesOn(collections, services, wanted)), collections };
  } catch (error) {
    signal.throwIfAborted();
    return { finding: finding("collections", "they cannot be listed", [noteOnFailure(error, wanted)]), collections: [] };
  }
}

/** Not every server lists its collections, and who may poll one may not be allowed to list them. */
function noteOnFailure(error: unknown, wanted: string | undefined): Note {
  const text = sentenceOf(error);
  if (isPersonal(error)) return failure(text, exitCodeOf(error), "see above, under authentication; listing may need a right of its own");
  const isNoService = error instanceof TransportError && error.code === "NO_SERVICE";
  if (wanted !== undefined || isNoService)
    return warning(text, wanted === undefined ? "give --collection NAME to poll one all the same" : "it can be polled all the same");
  return failure(text, exitCodeOf(error), "give --collection NAME to poll one all the same");
}

function countText(collections: readonly CollectionRecord[]): string {
  return `${collections.length} ${collections.length === 1 ? "collection" : "collections"}`;
}

function notesOn(
  collections: readonly CollectionRecord[],
  services: readonly ServiceInstance[] | undefined,
  wanted: string | undefined,
): Note[] {
  const advice = "the account may lack rights, or subscriptions come first: ask the operator";
  const none = collections.length === 0 ? [warning("the list is empty", advice)] : [];
  const listed = collections.slice(0, mostListed).map(noteOn);
  return [...none, ...listed, ...unlisted(collections.length), ...wantedNotes(collections, wanted), ...serviceNotes(collections, services)];
}

function noteOn({ collectionName, collectionType, available, pollingServices, receivingInboxServices }: CollectionRecord): Note {
  const own = [
    ...pollingServices.slice(0, 1).map(() => "its own poll service"),
    ...receivingInboxServices.slice(0, 1).map(() => "its own inbox"),
  ];
  const kind = collectionType === "DATA_SET" ? "data set" : "data feed";
  const text = `${collectionName} (${[kind, ...own].join(", ")})`;
  return available === false ? warning(`${text}: not available to you`, "ask the operator for the right to it") : remark(text);
}

function wantedNotes(collections: readonly CollectionRecord[], wanted: string | undefined): Note[] {
  const names = collections.map(({ collectionName }) => collectionName);
  if (wanted === undefined || names.includes(wanted)) return [];
  const alike = names.filter((name) => name.trim().toLowerCase() === wanted.trim().toLowerCase());
  const advice =
    alike.length === 0 ? "some servers have more than they list" : `case and spaces count: --collection ${JSON.stringify(alike[0])}`;
  return [warning(`${wanted} is not in the list`, advice)];
}

function serviceNotes(collections: readonly CollectionRecord[], services: readonly ServiceInstance[] | undefined): Note[] {
  const general = (type: ServiceInstance["serviceType"]): boolean =>
    services === undefined || services.some(({ serviceType }) => serviceType === type);
  const orphans = general("POLL") ? [] : collections.filter(({ pollingServices }) => pollingServices.length === 0);
  if (orphans.length === 0) return [];
  const text = `${orphans.length} of them cannot be polled: neither they nor discovery name a poll service`;
  return [warning(text, "give the address with --address, or subscribe")];
}
