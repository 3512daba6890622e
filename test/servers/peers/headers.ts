/** Header fields of TAXII: missing, misspelt, of the other version. */

import type { Answer } from "../peer.js";
import { block, pollResponse, reply, taxiiHeaders } from "../texts.js";

/** Answers polls under these fields of TAXII; undefined leaves one out. */
export const withHeaders =
  (changes: Readonly<Record<string, string | undefined>>): Answer =>
  (asked, response) => {
    const fields = Object.entries({ ...taxiiHeaders(asked.version), ...changes });
    const headers = Object.fromEntries(fields.filter((field): field is [string, string] => field[1] !== undefined));
    return reply(response, pollResponse(asked, { blocks: [block("data")] }), headers);
  };

export const noTaxiiHeaders = withHeaders({
  "X-TAXII-Content-Type": undefined,
  "X-TAXII-Protocol": undefined,
  "X-TAXII-Services": undefined,
});

/** Found in public code: dots in the place of colons. */
export const dottedHeaders = withHeaders({ "X-TAXII-Content-Type": "urn.taxii.mitre.org:message:xml:1.1" });

export const upperCaseHeaders = withHeaders({
  "X-TAXII-Content-Type": undefined,
  "X-Taxii-Content-Type": "URN:TAXII.MITRE.ORG:MESSAGE:XML:1.1",
});

export const wrongVersionHeader = withHeaders({ "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.0" });

export const htmlMediaType = withHeaders({ "Content-Type": "text/html; charset=iso-8859-1" });
