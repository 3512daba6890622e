/** Lexical spaces: for each simple type, what fits for libxml2 fits here, and nothing else, but for the known differences. */

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { escapeAttribute, escapeText } from "../../src/xml/escape.js";
import { checkVerdict, Find } from "../fuzz/properties.js";
import { Judge } from "../support/libxml2.js";

const judge = new Judge();
afterAll(() => judge[Symbol.dispose]());

const seed = 20140119;

const namespace10 = "http://taxii.mitre.org/messages/taxii_xml_binding-1";
const namespace11 = `${namespace10}.1`;
const dsig = "http://www.w3.org/2000/09/xmldsig#";

const request10 = (id: string): string => `<Discovery_Request xmlns="${namespace10}" message_id="${escapeAttribute(id)}"/>`;
const request11 = (id: string): string => `<Discovery_Request xmlns="${namespace11}" message_id="${escapeAttribute(id)}"/>`;
const poll = (attributes: string, children: string): string =>
  `<Poll_Response xmlns="${namespace11}" message_id="1" in_response_to="2" collection_name="c" ${attributes}>${children}</Poll_Response>`;
const status = (namespace: string, type: string): string =>
  `<Status_Message xmlns="${namespace}" message_id="1" in_response_to="2" status_type="${escapeAttribute(type)}"/>`;
const collection = (attributes: string, children: string): string =>
  `<Collection_Information_Response xmlns="${namespace11}" message_id="1" in_response_to="2"><Collection collection_name="c" ${attributes}><Description/>${children}</Collection></Collection_Information_Response>`;
const parameters = (children: string): string =>
  `<Poll_Request xmlns="${namespace11}" message_id="1" collection_name="c"><Poll_Parameters>${children}</Poll_Parameters></Poll_Request>`;

interface Signed {
  readonly id?: string;
  readonly value?: string;
  readonly length?: string;
  readonly reference?: string;
}

const signed = ({ id = "a", value = "", length = "1", reference = "#a" }: Signed): string =>
  `<Discovery_Request xmlns="${namespace11}" message_id="1"><Signature xmlns="${dsig}" Id="${escapeAttribute(id)}"><SignedInfo>` +
  `<CanonicalizationMethod Algorithm="urn:c"/><SignatureMethod Algorithm="urn:s"><HMACOutputLength>${escapeText(length)}</HMACOutputLength></SignatureMethod>` +
  `<Reference URI="${escapeAttribute(reference)}"><DigestMethod Algorithm="urn:d"/><DigestValue/></Reference></SignedInfo>` +
  `<SignatureValue>${escapeText(value)}</SignatureValue></Signature></Discovery_Request>`;

/** By simple type, documents with one value of it. */
const carriers: Readonly<Record<string, (value: string) => string>> = {
  "xs:anyURI, attribute": request11,
  "xs:anyURI, element": (value) => parameters(`<Content_Binding binding_id="${escapeAttribute(value)}"/>`),
  "xs:anyURI, signature": (value) => signed({ reference: value }),
  "xs:nonNegativeInteger": (value) => collection("", `<Collection_Volume>${escapeText(value)}</Collection_Volume>`),
  "xs:nonNegativeInteger with attributes": (value) => poll("", `<Record_Count>${escapeText(value)}</Record_Count>`),
  "xs:positiveInteger": (value) => poll(`result_part_number="${escapeAttribute(value)}"`, ""),
  "xs:boolean": (value) => poll(`more="${escapeAttribute(value)}"`, ""),
  UnsignedIntegerType: request10,
  TimestampLabelType: (value) => poll("", `<Inclusive_End_Timestamp>${escapeText(value)}</Inclusive_End_Timestamp>`),
  "StatusTypeType of 1.0": (value) => status(namespace10, value),
  "StatusTypeType of 1.1": (value) => status(namespace11, value),
  ResponseTypeEnum: (value) => parameters(`<Response_Type>${escapeText(value)}</Response_Type>`),
  CollectionTypeEnum: (value) => collection(`collection_type="${escapeAttribute(value)}"`, ""),
  "xs:ID": (value) => signed({ id: value }),
  "xs:base64Binary": (value) => signed({ value }),
  "xs:integer": (value) => signed({ length: value }),
};

const words = [
  ..."|true|false|0|1|TRUE|True|yes|01|00|-0|+0|-1|+1|007|1.0|1.|.5|1e1|0x10|٣|1 2|--1|+|-|9007199254740991|9007199254740992|18446744073709551616".split(
    "|",
  ),
  ..."SUCCESS|success|PENDING|FULL|COUNT_ONLY|full|DATA_SET|DATA_FEED|SUCCESS |  FULL".split("|"),
  ..."http://a/b?c#d|urn:a:b|#|##|?|a#b#c|%|%4|%4g|%41|:|:a|a:|a:b|1:b|//|///|//h:80|//h:p|//h:|//u@h|//u@v@h|//[::1]|//[|//]|[|]|a[b]|?[|#[".split(
    "|",
  ),
  ..."http://[::1]:80/|http://[v1.a]/|http://a b/|a b| a |http://é/|{a}|a\\b|a^b|`|<|>|\"|'|(|)|*|;|$|,|@|&|=|+|~|_|!|.|./|../|.:a|a/b:c|/|//a//b|/a:b".split(
    "|",
  ),
  "a|b",
  "|",
  "//h|/",
  "a\u0080",
  "\u{1f600}",
  "http://h:99999/",
  "http://h:080/",
  "http://h:2147483648/",
  "http://h:99999999999/",
  "mailto:a@b",
  "//1.2.3.4",
  "//999.1.1.1",
  "//[1.2.3.4]",
  "//[::1%25eth0]",
  "http:",
  "http:/",
  "http://",
  "http:///a",
  "http:a",
  "\u00a0",
  "\u2028",
  "\t1\n",
  "1\r",
  ..."a|_a|-a|1a|a1|a.b|a-b|a:b|é|·|a·|\u0300|a\u0300|a b|ａ|\u{10000}|𐀀b|\u2070|\u203f|x\u203f".split("|"),
  ..."AA==|AAA=|AAAA|A|AA|AAA|A===|AB==|AAB=|AA= =| A A = = |AAAAA|====|=|a b c d|AA==AA==|AAAAAA==|Aé==|AA-_|\nAA\n==\n".split("|"),
];

const dates = [
  "2014-12-19",
  "2016-02-29",
  "2015-02-29",
  "1900-02-29",
  "2000-02-29",
  "-0004-02-29",
  "-0005-02-29",
  "0000-01-01",
  "12014-01-01",
];
dates.push("02014-01-01", "-0001-12-31", "2014-04-31", "2014-13-01", "2014-00-01", "2014-01-00", "2014-01-32", "+2014-01-01", "214-01-01");
const times = [
  "00:00:00",
  "23:59:59",
  "24:00:00",
  "24:00:01",
  "24:00:00.0",
  "24:00:00.000001",
  "23:59:60",
  "12:60:00",
  "1:00:00",
  "00:00:00.",
];
times.push("00:00:00.1", "00:00:00.123456", "00:00:00.1234567", "00:00", "00:00:00,1");
const zones = ["Z", "", "+00:00", "-00:00", "+14:00", "-14:00", "+14:01", "+13:59", "+15:00", "+05:60", "+0500", "z", "+5:00", " Z", "ZZ"];
const timestamps = dates.flatMap((date) => times.flatMap((time) => zones.map((zone) => `${date}T${time}${zone}`)));
timestamps.push(
  "2014-12-19 00:00:00Z",
  "2014-12-19t00:00:00Z",
  " 2014-12-19T00:00:00Z ",
  "٢٠١٤-12-19T00:00:00Z",
  "2014-12-19T00:00:00Z\u00a0",
);

const character = fc.constantFrom(
  ...(":/?#[]@!$&'()*+,;=%-._~ |{}<>\"\\^`aAzZ09gGé\u00e0\u{1f600}\t\n".match(/./gsu) as [string, ...string[]]),
);
const texts = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: character, maxLength: 12 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("http://", "urn:", "//", "a:", "/", "#", "?"), fc.string({ unit: character, maxLength: 8 }))
      .map((parts) => parts.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..."AQgw+/= \n0"), maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..."0123456789+-. "), maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(..."aZ_0.-:·\u0300\u203fé\u{10000}"), maxLength: 4 }) },
);

describe("simple types", () => {
  const random = fc.sample(texts, { seed, numRuns: 400 });
  test.each(Object.keys(carriers))("%s", (type) => {
    const carry = carriers[type];
    if (carry === undefined) throw new Error(`no carrier for ${type}`);
    const differing: string[] = [];
    for (const value of [...words, ...random, ...(type === "TimestampLabelType" ? timestamps : [])]) {
      try {
        checkVerdict(carry(value), judge);
      } catch (error) {
        if (!(error instanceof Find)) throw error;
        differing.push(`${JSON.stringify(value)}: ${error.message}`);
      }
    }
    expect(differing).toEqual([]);
  });
});
