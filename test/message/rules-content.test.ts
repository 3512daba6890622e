import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { CollectionRecord, ContentBlock, InboxMessage, PollRequest } from "../../generated/taxii11/index.js";
import { contentBindings, versionIds } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { findings, of } from "../conformance/findings.js";

const wrapper = contentBindings.xmlEncryption;
const inner = contentBindings.stix12;
const block = (bindingId: string, subtypeId?: string): ContentBlock =>
  create(ContentBlock, {
    contentBinding: { bindingId, subtype: subtypeId === undefined ? undefined : { subtypeId } },
    content: { text: "x" },
  });

describe("the binding of a content block", () => {
  it.each([inner, wrapper, `${wrapper}|${inner}`, `${wrapper}|${wrapper}|${inner}`])("[XML-CBK-002] may be %s", (bindingId) => {
    expect(findings(ContentBlock, block(bindingId))).toEqual([]);
    expect(findings(taxii10.ContentBlock, { contentBinding: bindingId, content: { text: "" } })).toEqual([]);
  });

  it.each(["|", `|${inner}`, `${wrapper}|`, `${wrapper}||${inner}`])("[CB-NEST-008] [XML-CBK-002] cannot be %s", (bindingId) => {
    expect(findings(ContentBlock, block(bindingId), { received: true })).toEqual([
      "error taxii11/nesting-is-well-formed contentBinding.bindingId",
    ]);
    expect(findings(taxii10.ContentBlock, { contentBinding: bindingId, content: { text: "" } })).toEqual([
      "error taxii10/nesting-is-well-formed contentBinding",
    ]);
  });

  it("[CB-NEST-008] cannot have spaces around its layers", () => {
    expect(of("taxii11/nesting-is-well-formed", ContentBlock, block(`${wrapper} | ${inner}`))).toEqual(["error contentBinding.bindingId"]);
  });

  it("[CB-NEST-003] has no subtype if it is a nesting expression", () => {
    expect(findings(ContentBlock, block(`${wrapper}|${inner}`, "urn:example:s"), { received: true })).toEqual([
      "error taxii11/nesting-has-no-subtype contentBinding.subtype",
    ]);
    expect(findings(ContentBlock, block(inner, "urn:example:s"))).toEqual([]);
  });
});

describe("nesting expressions", () => {
  const nested = `${wrapper}|${inner}`;

  it("[CB-NEST-006] cannot be in requests, subscriptions, services and collections", () => {
    const request = create(PollRequest, {
      collectionName: "c",
      pollParameters: { contentBindings: [{ bindingId: inner }, { bindingId: nested }] },
    });
    expect(findings(PollRequest, request, { received: true })).toEqual([
      "error taxii11/nesting-stays-in-blocks pollParameters.contentBindings[1].bindingId",
    ]);
    const record = create(CollectionRecord, {
      collectionName: "c",
      description: "",
      contentBindings: [{ bindingId: nested }],
      receivingInboxServices: [
        {
          protocolBinding: versionIds.https10,
          address: "https://inbox.example.com/",
          messageBindings: [versionIds.xml11],
          contentBindings: [{ bindingId: nested }],
        },
      ],
    });
    expect(findings(CollectionRecord, record)).toEqual([
      "error taxii11/nesting-stays-in-blocks contentBindings[0].bindingId",
      "error taxii11/nesting-stays-in-blocks receivingInboxServices[0].contentBindings[0].bindingId",
    ]);
    const request10 = create(taxii10.PollRequest, { feedName: "f", contentBindings: [inner, nested] });
    expect(findings(taxii10.PollRequest, request10)).toEqual(["error taxii10/nesting-stays-in-blocks contentBindings[1]"]);
  });
});

describe("S/MIME", () => {
  const found = (text: string, bindingId: string = contentBindings.smime): string[] =>
    findings(InboxMessage, create(InboxMessage, { contentBlocks: [{ contentBinding: { bindingId }, content: { text } }] }));
  const warning = ["warning taxii11/smime-is-base64 contentBlocks[0].content"];

  it("[CB-ID-004] should be in base64", () => {
    expect(found("Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB")).toEqual([]);
    expect(found("content-transfer-encoding:\tBASE64\n\nMIIB")).toEqual([]);
    expect(found("Content-Transfer-Encoding: binary\n\nMIIB")).toEqual(warning);
    expect(found("Content-Type: application/pkcs7-mime\n\nContent-Transfer-Encoding: base64")).toEqual(warning);
    expect(found("MIIB", "application/x-pkcs7-mime")).toEqual(warning);
    expect(found("MIIB", `${contentBindings.smime}|${inner}`)).toEqual(warning);
    expect(found("MIIB", inner)).toEqual([]);
    const block10 = { contentBinding: contentBindings.smime, content: { text: "MIIB" } };
    expect(findings(taxii10.ContentBlock, block10)).toEqual(["warning taxii10/smime-is-base64 content"]);
  });
});
