// A producer whose only collection is as large as asked: node large-server.mjs BYTES → its URL on a line, until it is ended.
// Content is made while it is sent, so that the producer itself needs no memory.

import { once } from "node:events";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pollResponse } from "./documents.mjs";

const size = Number(process.argv[2]);
const whole = pollResponse(1, 20_000);
const open = whole.indexOf("<taxii_11:Content_Block>");
const close = whole.indexOf("</taxii_11:Poll_Response>");
const block = whole.slice(open, close);
const count = Math.ceil(size / Buffer.byteLength(block));

function* document(id) {
  yield whole
    .slice(0, open)
    .replace(/in_response_to="[^"]*"/, `in_response_to="${id}"`)
    .replace(/>1<\/taxii_11:Record_Count>/, `>${count}</taxii_11:Record_Count>`);
  for (let index = 0; index < count; index++) {
    const second = new Date(Date.UTC(2024, 0, 1) + index * 1000).toISOString();
    yield block.replace(/<taxii_11:Timestamp_Label>[^<]*/, `<taxii_11:Timestamp_Label>${second}`);
  }
  yield whole.slice(close);
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const id = /message_id="([^"]*)"/.exec(Buffer.concat(chunks).toString())?.[1] ?? "0";
  response.writeHead(200, {
    "Content-Type": "application/xml",
    "X-TAXII-Content-Type": "urn:taxii.mitre.org:message:xml:1.1",
    "X-TAXII-Protocol": "urn:taxii.mitre.org:protocol:http:1.0",
    "X-TAXII-Services": "urn:taxii.mitre.org:services:1.1",
  });
  Readable.from(document(id)).pipe(response);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
console.log(`http://127.0.0.1:${server.address().port}/poll`);
