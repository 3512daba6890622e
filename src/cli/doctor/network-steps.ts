/** The steps below TLS: the proxy in between, the addresses of the host, and whether anybody answers there. */

import { exitCodes } from "../output.js";
import { type AddressKind, bareHost, kindOfAddress } from "./address-kind.js";
import { type Finding, failure, finding, type Note, remark, skipped, warning } from "./finding.js";
import { addressesOf, codeOf, type HostAddress, openSocket, type Patience } from "./network.js";
import { portOf } from "./url-step.js";

/** Says which proxy requests go through. @param proxy undefined for none; its credentials are not shown */
export function examineProxy(proxy: URL | undefined, isGiven: boolean): Finding {
  if (proxy === undefined) return finding("proxy", isGiven ? "none, as the flags say" : "none");
  const source = isGiven ? "as the flags say" : "as the environment variables say";
  const notes = isGiven ? [] : [remark("--proxy none goes without it, NO_PROXY makes exceptions")];
  return finding("proxy", `${proxy.protocol}//${proxy.host}, ${source}`, notes);
}

/** Looks up a host. @param lookUp asks the system; replaced in tests @returns the addresses, none when there are none */
export async function examineDns(
  url: URL,
  proxy: URL | undefined,
  patience: Patience,
  lookUp: typeof addressesOf = addressesOf,
): Promise<{ readonly finding: Finding; readonly addresses: readonly HostAddress[] }> {
  const host = bareHost(url.hostname);
  if (kindOfAddress(host) !== undefined)
    return { finding: skipped("dns", `${host} is an address, not a name`), addresses: await lookUp(host, patience) };
  try {
    const addresses = await lookUp(host, patience);
    const list = addresses.map(({ address, family }) => `${address} (IPv${family})`);
    return { finding: finding("dns", `${host} is ${list.join(", ")}`, notesOnKinds(addresses)), addresses };
  } catch (error) {
    patience.signal.throwIfAborted();
    return { finding: unknownHost(host, error, proxy), addresses: [] };
  }
}

function unknownHost(host: string, error: unknown, proxy: URL | undefined): Finding {
  const code = codeOf(error);
  if (proxy !== undefined) return finding("dns", `${host} is not known here`, [warning("that need not matter, as the proxy looks it up")]);
  const reasons: Readonly<Record<string, readonly [string, string]>> = {
    ENOTFOUND: ["there is no such name", "check the spelling; a name of an internal network needs its DNS server, or a VPN"],
    EAI_AGAIN: ["the DNS server does not answer", "check the network connection of this machine"],
    ETIMEDOUT: ["the DNS server does not answer in time", "check the network connection of this machine"],
  };
  const [text, advice] = reasons[code] ?? [
    `the name cannot be looked up (${code})`,
    "check the name, and the DNS settings of this machine",
  ];
  return finding("dns", `${host} has no address`, [failure(text, exitCodes.network, advice)]);
}

function notesOnKinds(addresses: readonly HostAddress[]): Note[] {
  const kinds = new Set(addresses.map(({ address }) => kindOfAddress(address)));
  const texts: Readonly<Partial<Record<AddressKind, string>>> = {
    "this machine": "the name means this machine",
    private: "the name means an address of a private network: nobody outside of it can reach that",
  };
  const notes = Object.entries(texts).flatMap(([kind, text]) => (kinds.has(kind as AddressKind) ? [remark(text)] : []));
  if (!kinds.has("any address")) return notes;
  const advice = "the DNS entry is wrong, or a filter on the way answers like this to block the name";
  return [...notes, warning("the name means 0.0.0.0 or ::, which is no address of a machine", advice)];
}

/** How many addresses of one host are tried. */
const mostAddresses = 8;

/** Tries to connect: to the proxy where there is one, otherwise to each address of the host. */
export async function examineTcp(
  url: URL,
  proxy: URL | undefined,
  addresses: readonly HostAddress[],
  patience: Patience,
): Promise<Finding> {
  if (proxy !== undefined) {
    const note = await tryAddress(bareHost(proxy.hostname), portOf(proxy), patience);
    return finding("tcp", `connection to the proxy ${proxy.host}`, note === undefined ? [] : [note]);
  }
  if (addresses.length === 0) return skipped("tcp", "there is no address to connect to");
  const tried = addresses.slice(0, mostAddresses);
  const port = portOf(url);
  const notes: Note[] = [];
  for (const { address } of tried) {
    const note = await tryAddress(address, port, patience);
    if (note !== undefined) notes.push(note);
  }
  const answering = tried.length - notes.length;
  // One address that answers is enough, although clients may try the others first.
  const shown = answering === 0 ? notes : notes.map(({ text, advice }) => warning(text, advice));
  return finding("tcp", `port ${port} answers at ${answering} of ${tried.length} ${tried.length === 1 ? "address" : "addresses"}`, shown);
}

async function tryAddress(host: string, port: number, patience: Patience): Promise<Note | undefined> {
  try {
    (await openSocket(host, port, patience)).destroy();
    return undefined;
  } catch (error) {
    patience.signal.throwIfAborted();
    return unreachable(host, port, error);
  }
}

/** Why nobody answers at an address, in plain words. */
export function unreachable(host: string, port: number, error: unknown): Note {
  const code = codeOf(error);
  const where = `${host} port ${port}`;
  const reasons: Readonly<Record<string, readonly [string, string]>> = {
    ECONNREFUSED: [`${where} refuses: nothing listens there`, "check the port; the service may be down"],
    ETIMEDOUT: [
      `${where} does not answer`,
      "a firewall may be in the way, or the server wants a VPN or an allowed address; or give --proxy",
    ],
    EHOSTUNREACH: [`there is no way to ${host}`, "check the network, or give --proxy"],
    ENETUNREACH: [`there is no way to ${host}: this machine has no network of that kind`, "check the network, or give --proxy"],
    ECONNRESET: [
      `${where} takes the connection and breaks it off`,
      "a firewall may be in the way, or the server takes allowed addresses only",
    ],
    ENOTFOUND: [`${host} is not known`, "check the spelling of the name"],
  };
  const [text, advice] = reasons[code] ?? [
    `${where} cannot be reached (${code === "" ? String(error) : code})`,
    "check address and network",
  ];
  return failure(text, exitCodes.network, advice);
}
