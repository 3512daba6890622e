/** What is pushed, and where to: an allow-list (SVC-SUB-026, SEC-PUSH-001, SEC-PUSH-002). */

import { isIP } from "node:net";
import type { PushParameter } from "../../generated/taxii11/index.js";
import { protocols, versionIds } from "../constants.js";
import { protocolOf, versionOfBinding } from "../http/headers.js";
import { printable, StatusError } from "../message/status-error.js";
import type { PushPolicy } from "../server/push.js";
import { addressGuard } from "./address-guard.js";
import { addressPattern } from "./pattern.js";

export interface PushPolicyOptions {
  /**
   * Addresses that can be pushed to; empty for none, so that nothing is pushed. See {@link addressPattern} for the forms:
   * `https://taxii.example.com/inbox`, `taxii.example.com`, `*.example.com`, `*`.
   */
  readonly allow: readonly string[];
  /** Whether content may be pushed over plain http. Default: false. */
  readonly allowHttp?: boolean | undefined;
  /**
   * Addresses and networks that are connected to although they are not public: `10.0.0.0/8`, `127.0.0.1`. Default: none; an
   * address that leads into a private network, by itself or by its name, is refused.
   */
  readonly allowPrivate?: readonly string[] | undefined;
  /** Ports that patterns without port allow beside that of the scheme. Default: none. */
  readonly ports?: readonly number[] | undefined;
  /** Message bindings to push. Default: XML of both versions. */
  readonly messageBindings?: readonly string[] | undefined;
}

/** A policy that also decides about the IP addresses that names stand for, when a connection is made. */
export interface GuardedPushPolicy extends PushPolicy {
  /** Whether an IP address may be connected to. */
  mayConnect(address: string): boolean;
}

/**
 * Makes a policy. `check` judges what an address says: the allow-list, its scheme, its port, and its host where that is an IP
 * address in whatever notation. What a name stands for may change, so it is judged for each connection (`mayConnect`).
 *
 * @throws TypeError for patterns, networks, ports or bindings that cannot be used
 */
export function pushPolicy(options: PushPolicyOptions): GuardedPushPolicy {
  const { allowHttp = false, ports = [], messageBindings = [versionIds.xml11, versionIds.xml10] } = options;
  const patterns = options.allow.map(addressPattern);
  const plain = options.allow.find((_, index) => patterns[index]?.http === true);
  if (plain !== undefined && !allowHttp) throw new TypeError(`allowing ${JSON.stringify(plain)} means plain http; set allowHttp as well`);
  const unknown = messageBindings.find((binding) => versionOfBinding(binding) === undefined);
  if (unknown !== undefined) throw new TypeError(`expected message bindings of XML, found ${JSON.stringify(unknown)}`);
  const bad = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (bad !== undefined) throw new TypeError(`expected ports from 1 to 65535, found ${bad}`);

  const usual = new Set(ports);
  const able = patterns.length > 0;
  const schemes = allowHttp ? [protocols.https, protocols.http] : [protocols.https];
  const mayConnect = addressGuard(options.allowPrivate);
  const abilities = { protocolBindings: able ? schemes : [], messageBindings: able ? messageBindings : [] };
  return {
    ...abilities,
    mayConnect,
    check(target) {
      checkBindings(target, abilities);
      const url = parseTarget(target);
      const literal = literalOf(url);
      if (literal !== undefined && !mayConnect(literal)) throw denied(target, "it is not an address of the public internet");
      if (!patterns.some((pattern) => pattern.matches(url, usual))) throw denied(target, "it is not on the list of addresses to push to");
    },
  };
}

function checkBindings(target: PushParameter, able: Pick<PushPolicy, "protocolBindings" | "messageBindings">): void {
  if (!able.protocolBindings.includes(target.protocolBinding)) {
    throw new StatusError("UNSUPPORTED_PROTOCOL", {
      message: `Nothing is pushed over the protocol binding ${quoted(target.protocolBinding)}.`,
      details: { SUPPORTED_PROTOCOL: able.protocolBindings },
    });
  }
  if (!able.messageBindings.includes(target.messageBinding)) {
    throw new StatusError("UNSUPPORTED_MESSAGE", {
      message: `Nothing is pushed in the message binding ${quoted(target.messageBinding)}.`,
      details: { SUPPORTED_BINDING: able.messageBindings },
    });
  }
}

const longestAddress = 2048;

/**
 * The address of a target, as the rules of URLs have it: `http://0x7f.1/` is `http://127.0.0.1/`.
 *
 * @throws StatusError `DENIED` for what nothing can be pushed to, whatever the list says
 */
export function parseTarget(target: PushParameter): URL {
  const { address, protocolBinding } = target;
  const url = address.length <= longestAddress && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw denied(target, "it is not a URL, or too long");
  if (protocolOf(url.href) !== protocolBinding)
    throw denied(target, `it does not belong to the protocol binding ${quoted(protocolBinding)}`);
  if (url.username !== "" || url.password !== "") throw denied(target, "it contains credentials");
  // The same host by another name, of which certificates and lists know nothing.
  if (url.hostname.endsWith(".")) throw denied(target, "its host ends with a dot");
  return url;
}

/** The host of a URL when it is an IP address, without the brackets of IPv6; undefined for names. */
export function literalOf({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) === 0 ? undefined : host;
}

function denied({ address }: PushParameter, reason: string): StatusError {
  // An address may carry a password, and so may its query.
  const named = address.replace(/\/\/[^/]*@/, "//…@").replace(/[?#].*$/s, "");
  return new StatusError("DENIED", { message: `Nothing is pushed to ${quoted(named)}: ${reason}.` });
}

function quoted(text: string): string {
  return JSON.stringify(printable(text));
}
