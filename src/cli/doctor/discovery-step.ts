/** The step of discovery: which services the server advertises, and whether they fit together. */

import type { ServiceInstance, ServiceType } from "../../../generated/taxii11/index.js";
import { versionOfBinding } from "../../http/headers.js";
import { exitCodeOf } from "../failure.js";
import { type Examination, isNetworkError, isPersonal, sentenceOf } from "./examination.js";
import { type Finding, failure, finding, type Note, remark, warning } from "./finding.js";

export interface DiscoveryExamination {
  readonly finding: Finding;
  /** Undefined when the server told none. */
  readonly services: readonly ServiceInstance[] | undefined;
}

/** Asks for the services. */
export async function examineDiscovery({ client, signal }: Examination): Promise<DiscoveryExamination> {
  try {
    const services = await client.discover({ signal });
    return { finding: finding("discovery", countText(services), notesOn(services)), services };
  } catch (error) {
    signal.throwIfAborted();
    const text = sentenceOf(error);
    if (isNetworkError(error) || isPersonal(error)) {
      const summary = isPersonal(error) ? "the server does not tell its services" : "there is no answer";
      return { finding: finding("discovery", summary, [failure(text, exitCodeOf(error))]), services: undefined };
    }
    const advice = "the address may be that of another service: --endpoint service says so; otherwise ask for the discovery address";
    return {
      finding: finding("discovery", "the address is not that of a discovery service", [warning(text, advice)]),
      services: undefined,
    };
  }
}

/** How many services and collections are listed one by one. */
export const mostListed = 20;

/** A remark about those that are not listed. */
export function unlisted(count: number): Note[] {
  return count <= mostListed ? [] : [remark(`and ${count - mostListed} more`)];
}

function countText(services: readonly ServiceInstance[]): string {
  return `${services.length} ${services.length === 1 ? "service" : "services"}`;
}

function notesOn(services: readonly ServiceInstance[]): Note[] {
  const listed = services.slice(0, mostListed).map(noteOn);
  return [...listed, ...unlisted(services.length), ...missingNotes(services), ...choiceNotes(services)];
}

function noteOn({ serviceType, address, available, messageBindings, supportedQueries }: ServiceInstance): Note {
  const versions = versionsOf(messageBindings);
  const queries = supportedQueries.length === 0 ? "" : ", takes queries";
  const text = `${serviceType} ${address}, ${versions.length === 0 ? "no version of TAXII 1.x" : `TAXII ${versions.join(" and ")}`}${queries}`;
  if (available === false)
    return warning(`${text}: not available`, "the account may lack the right, or the service is switched off: ask the operator");
  return versions.length === 0 ? warning(`${text}; its message bindings are ${messageBindings.join(", ") || "none"}`) : remark(text);
}

function versionsOf(bindings: readonly string[]): readonly string[] {
  return [...new Set(bindings.flatMap((id) => versionOfBinding(id.trim().toLowerCase()) ?? []))];
}

function ofType(services: readonly ServiceInstance[], type: ServiceType): readonly ServiceInstance[] {
  return services.filter(({ serviceType }) => serviceType === type);
}

function missingNotes(services: readonly ServiceInstance[]): Note[] {
  const notes: Note[] = [];
  if (ofType(services, "COLLECTION_MANAGEMENT").length === 0)
    notes.push(warning("no service tells of collections", "ask the operator for their names, and for the address to poll: --address"));
  if (ofType(services, "POLL").length === 0)
    notes.push(warning("no service is there to poll", "the collections may name their own; otherwise give the address with --address"));
  if (ofType(services, "INBOX").length === 0) notes.push(remark("no inbox: nothing can be pushed"));
  return notes;
}

/** Several services of one type, which is no fault, as collections can say which is theirs. */
function choiceNotes(services: readonly ServiceInstance[]): Note[] {
  return (["POLL", "INBOX", "COLLECTION_MANAGEMENT"] as const).flatMap((type) => {
    const addresses = new Set(ofType(services, type).map(({ address }) => address));
    if (addresses.size < 2) return [];
    return [remark(`there are ${addresses.size} ${type} services; where a collection does not say which is its own, give --address`)];
  });
}
