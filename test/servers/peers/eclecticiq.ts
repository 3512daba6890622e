/** EclecticIQ Intelligence Center: STIX 2.1 in JSON, PDF in base64, HTML in CDATA, each in a content block. */

import type { Answer } from "../peer.js";
import { block, pollResponse, reply } from "../texts.js";

export const eclecticIqContents = {
  json: '{"type":"bundle","id":"bundle--1","objects":[]}',
  pdf: Buffer.from("%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n").toString("base64"),
  html: "<p>1 < 2 & so on",
} as const;

export const eclecticIq: Answer = (asked, response) =>
  reply(
    response,
    pollResponse(asked, {
      blocks: [
        block(eclecticIqContents.json, { binding: "urn:stix.mitre.org:json:2.1" }),
        block(eclecticIqContents.pdf, { binding: "urn:eclecticiq.com:pdf:1.0" }),
        block(`<![CDATA[${eclecticIqContents.html}]]>`, { binding: "urn:eclecticiq.com:html:1.0" }),
      ],
    }),
  );
