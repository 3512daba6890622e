/** Exchanges in one version: a document out, a reply back. */

import { discoveryRequest, fulfilment, informationRequest, type PollWishes, pollRequest } from "./documents.js";
import { type Reply, readReply } from "./reply.js";
import type { TaxiiVersion } from "./version.js";
import type { Sending, Wire } from "./wire.js";

/** What a request can have beside its document. */
export type Posting = Omit<Sending, "address" | "version" | "body">;

/** Exchanges in one version. */
export class Session {
  readonly version: TaxiiVersion;
  readonly #wire: Wire;

  constructor(wire: Wire, version: TaxiiVersion) {
    this.#wire = wire;
    this.version = version;
  }

  /** Posts a document. */
  async post(address: string, body: Sending["body"], posting: Posting = {}): Promise<Reply> {
    return readReply(await this.#wire.send({ ...posting, address, body, version: this.version }));
  }

  /** Asks for the services. */
  discover(address: string, posting?: Posting): Promise<Reply> {
    return this.post(address, discoveryRequest(this.version), posting);
  }

  /** Asks for the collections. */
  inform(address: string): Promise<Reply> {
    return this.post(address, informationRequest(this.version));
  }

  /** Polls. */
  pollAt(address: string, wishes: PollWishes, posting?: Posting): Promise<Reply> {
    return this.post(address, pollRequest(this.version, wishes), posting);
  }

  /** Asks for a part of a result. */
  fulfilAt(address: string, collection: string, resultId: string, part: number | undefined): Promise<Reply> {
    return this.post(address, fulfilment(collection, resultId, part));
  }
}
