/** The step of addresses: whether clients can use those that the server advertises. */

import type { ServiceInstance } from "../../../generated/taxii11/index.js";
import { protocols } from "../../constants.js";
import { protocolOf } from "../../http/headers.js";
import { type AddressKind, bareHost, kindOfAddress, kindOfHost } from "./address-kind.js";
import { mostListed } from "./discovery-step.js";
import { type Finding, finding, type Note, remark, skipped, warning } from "./finding.js";
import { addressesOf, openSocket, type Patience } from "./network.js";
import { unreachable } from "./network-steps.js";
import { portOf } from "./url-step.js";

/** What the step needs to know. */
export interface AddressesExamination {
  /** The address that was examined. */
  readonly url: URL;
  /** What kinds of network its host belongs to. */
  readonly kinds: ReadonlySet<AddressKind>;
  /** Whether there is a proxy, so that this machine cannot try addresses itself. */
  readonly isProxied: boolean;
  readonly hasCredentials: boolean;
  readonly authOrigins: readonly string[];
  /** Whether addresses are changed to the origin of the URL. */
  readonly isRewriting: boolean;
  readonly patience: Patience;
}

const rewrite = "--rewrite-origin puts scheme, host and port of the URL in their place";

/** The most hosts that are tried. */
const mostHosts = 8;

/** Looks at each address that a service is advertised with. */
export async function examineAddresses(services: readonly ServiceInstance[], examination: AddressesExamination): Promise<Finding> {
  if (services.length === 0) return skipped("addresses", "no services are advertised");
  const { url, isRewriting } = examination;
  const notes: Note[] = [];
  const origins = new Map<string, URL>();
  const unique = [...new Map(services.map((service) => [service.address, service])).values()];
  for (const { address, protocolBinding } of unique.slice(0, mostListed)) {
    const target = URL.canParse(address.trim(), url) ? new URL(address.trim(), url) : undefined;
    notes.push(...formNotes(address, target, protocolBinding));
    if (target !== undefined && protocolOf(target) !== undefined && target.origin !== url.origin) origins.set(target.origin, target);
  }
  if (isRewriting) notes.push(remark(`--rewrite-origin: everything is asked of ${url.origin}`));
  else for (const target of [...origins.values()].slice(0, mostHosts)) notes.push(...(await originNotes(target, examination)));
  const summary = origins.size === 0 ? `all at ${url.origin}` : `at ${[...origins.keys()].slice(0, mostHosts).join(", ")}`;
  return finding("addresses", summary, notes);
}

/** What is wrong with an address as such. */
function formNotes(address: string, target: URL | undefined, protocolBinding: string): Note[] {
  if (target === undefined || protocolOf(target) === undefined)
    return [warning(`${address} is no address of HTTP`, "the service cannot be used; --address can name another")];
  const notes: Note[] = [];
  if (!URL.canParse(address.trim())) notes.push(warning(`${address} is relative; it is taken as ${target.href}`));
  const binding = protocolBinding.trim();
  if (Object.values<string>(protocols).includes(binding) && binding !== protocolOf(target))
    notes.push(
      warning(`${address} does not go with its protocol binding ${binding}; clients go by the address`, `if it does not work, ${rewrite}`),
    );
  return notes;
}

/** What speaks against talking to another origin. */
async function originNotes(target: URL, examination: AddressesExamination): Promise<Note[]> {
  const { url, hasCredentials, authOrigins, isProxied } = examination;
  const known = kindOfHost(target.hostname);
  const blocked = known === undefined ? [] : notesOnKinds(target, new Set([known]), examination);
  if (blocked.length > 0) return blocked;
  const notes: Note[] = [];
  if (url.protocol === "https:" && target.protocol === "http:")
    notes.push(warning(`${target.origin} is not encrypted, although the URL is`, rewrite));
  if (hasCredentials && !authOrigins.some((origin) => URL.canParse(origin) && new URL(origin).origin === target.origin))
    notes.push(
      warning(
        `${target.origin} is not the origin of the URL, so it gets no credentials`,
        `if you trust it: --auth-origin ${target.origin}`,
      ),
    );
  return isProxied ? notes : [...notes, ...(await connectionNotes(target, examination))];
}

/** What speaks against the network an address is in. Nobody is asked into a private network by a server outside of it. */
function notesOnKinds(target: URL, found: ReadonlySet<AddressKind>, { kinds }: AddressesExamination): Note[] {
  if (found.has("any address")) return [warning(`${target.origin} is what the server listens on, not where it is reached`, rewrite)];
  const behind = "the server probably sits behind another one, and does not know its own address";
  if (found.has("this machine") && !kinds.has("this machine"))
    return [warning(`${target.origin} means the machine that asks; ${behind}`, rewrite)];
  if (found.has("private") && !kinds.has("private") && !kinds.has("this machine"))
    return [warning(`${target.origin} is in a private network; ${behind}`, rewrite)];
  return [];
}

/** Tries to connect. */
async function connectionNotes(target: URL, examination: AddressesExamination): Promise<Note[]> {
  const { patience } = examination;
  const [host, port] = [bareHost(target.hostname), portOf(target)];
  try {
    const addresses = await addressesOf(host, patience);
    const found = new Set(addresses.map(({ address }) => kindOfAddress(address)).filter((kind) => kind !== undefined));
    const blocked = notesOnKinds(target, found, examination);
    if (blocked.length === 0) (await openSocket(host, port, patience)).destroy();
    return blocked;
  } catch (error) {
    patience.signal.throwIfAborted();
    const { text, advice = "check the address" } = unreachable(host, port, error);
    return [warning(text, `${advice}; or ${rewrite}`)];
  }
}
