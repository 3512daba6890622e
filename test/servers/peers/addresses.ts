/** Services at addresses that cannot be right, or at too many. */

import type { Answer } from "../peer.js";
import { block, collectionResponse, discoveryResponse, pollResponse, reply, type ServiceText } from "../texts.js";

export interface AddressOptions {
  /** The addresses of poll services that discovery lists. */
  readonly polls: (url: string) => readonly string[];
  /** The addresses of poll services in the record of `feed`; absent, collections are not managed. */
  readonly own?: (url: string) => readonly string[];
}

/** Polls are answered at whatever path with that path. */
export const advertising =
  ({ polls, own }: AddressOptions): Answer =>
  (asked, response, { url }) => {
    if (asked.type === "Discovery_Request") {
      const management: ServiceText[] = own === undefined ? [] : [{ type: "COLLECTION_MANAGEMENT", address: `${url}/collections` }];
      const services = polls(url).map((address): ServiceText => ({ type: "POLL", address }));
      return reply(response, discoveryResponse(asked, [...management, ...services]));
    }
    if (asked.type === "Collection_Information_Request") {
      return reply(response, collectionResponse(asked, [{ name: "feed", poll: own?.(url) ?? [] }]));
    }
    return reply(response, pollResponse(asked, { blocks: [block(asked.path)] }));
  };

/** As seen from behind a proxy that ends TLS: the scheme of the inside. */
export const httpBehindTls = advertising({ polls: (url) => [`${url.replace("https:", "http:")}/poll`] });

/** The container's own idea of where it is. */
export const localAddress = advertising({ polls: (url) => [`http://localhost:1/poll?from=${new URL(url).port}`] });

/** A path, where a URL should be. */
export const relativeAddress = advertising({ polls: () => ["/services/poll"] });

export const twoPolls = advertising({ polls: (url) => [`${url}/poll/a`, `${url}/poll/b`] });

/** Two services, of which the collection names one. */
export const twoPollsOneOwn = advertising({ polls: (url) => [`${url}/poll/a`, `${url}/poll/b`], own: (url) => [`${url}/poll/b`] });
