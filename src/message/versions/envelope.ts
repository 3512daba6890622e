/**
 * What all messages have: their own id, the id of the request they answer, and headers. Signatures stay behind, because they
 * sign the old form.
 */

import * as taxii10 from "../../../generated/taxii10/index.js";
import type * as taxii11 from "../../../generated/taxii11/index.js";
import { quote } from "../../codec/frames.js";
import { NotInVersion10Error } from "./not-in-version-10.js";

type Headers = taxii10.ExtendedHeaders & taxii11.ExtendedHeaders;

interface RequestEnvelope {
  readonly messageId: string;
  readonly extendedHeaders?: Headers | undefined;
}

interface ResponseEnvelope extends RequestEnvelope {
  readonly inResponseTo: string;
}

/** The envelope of a request of TAXII 1.0: every id of TAXII 1.0 is one of TAXII 1.1 (XML-ID-001, XML-ID-002). */
export function request11({ messageId, extendedHeaders }: RequestEnvelope): RequestEnvelope {
  return { messageId, extendedHeaders };
}

/** The envelope of a response of TAXII 1.0. */
export function response11(message: ResponseEnvelope): ResponseEnvelope {
  return { ...request11(message), inResponseTo: message.inResponseTo };
}

/**
 * The envelope of a request of TAXII 1.1.
 *
 * @throws NotInVersion10Error when the id is more than digits: another one would come back in the answer
 */
export function request10({ messageId, extendedHeaders }: RequestEnvelope): RequestEnvelope {
  return { messageId: digits(messageId, "messageId"), extendedHeaders };
}

/**
 * The envelope of a response of TAXII 1.1.
 *
 * @throws NotInVersion10Error when one of its ids is more than digits
 */
export function response10(message: ResponseEnvelope): ResponseEnvelope {
  return { ...request10(message), inResponseTo: digits(message.inResponseTo, "inResponseTo") };
}

function digits(id: string, property: string): string {
  if (!taxii10.UnsignedInteger.accepts(id)) throw new NotInVersion10Error([property], `identifiers are digits there, found ${quote(id)}`);
  return id;
}
