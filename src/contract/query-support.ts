/** What a service says of the queries it evaluates. */

import type { ServiceInstance } from "../../generated/taxii11/index.js";
import { queryFormats } from "../constants.js";
import { textOf } from "./reply.js";

/** What is advertised of Default Query. */
export interface AdvertisedQueries {
  /** Markup of Default_Query_Info. */
  readonly info: string;
  readonly vocabularies: readonly string[];
  readonly modules: readonly string[];
  /** Preferred and allowed ones. */
  readonly scopes: readonly string[];
}

/** What the poll service at an address advertises of Default Query; undefined for nothing. */
export function queriesAt(services: readonly ServiceInstance[], address: string): AdvertisedQueries | undefined {
  const info = services
    .filter((service) => service.serviceType === "POLL" && hrefOf(service.address) === hrefOf(address))
    .flatMap(({ supportedQueries }) => supportedQueries)
    .filter(({ formatId }) => formatId === queryFormats.default10)
    .map(({ content }) => textOf(content))
    .join("");
  if (info === "") return undefined;
  return {
    info,
    vocabularies: all(info, /targeting_expression_id="([^"]+)"/g),
    modules: all(info, /<(?:[\w.-]+:)?Capability_Module[^>]*>\s*([^<]*?)\s*</g),
    scopes: all(info, /<(?:[\w.-]+:)?(?:Preferred|Allowed)_Scope[^>]*>\s*([^<]*?)\s*</g),
  };
}

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

function hrefOf(address: string): string {
  return URL.canParse(address) ? new URL(address).href : address;
}
