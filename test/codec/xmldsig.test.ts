/** Types of the signature schema that TAXII's own do not have: wildcards, repeated groups, groups that come whole. */

import { describe, expect, it } from "vitest";
import { DsaKeyValue, PgpData, SignedInfo, X509Data } from "../../generated/xmldsig/index.js";
import { fromXml, toXml, ValidationError } from "../../src/index.js";

const ds = (inside: string, name: string): string => `<${name} xmlns="http://www.w3.org/2000/09/xmldsig#">${inside}</${name}>`;

describe("signatures", () => {
  it("keep what a wildcard takes, each element whole", () => {
    const value = fromXml(PgpData, ds('<PGPKeyID>QUJD</PGPKeyID><e:x xmlns:e="urn:e"><e:y/></e:x><z xmlns="urn:z"/>', "PGPData"));
    expect(value).toEqual({ pgpKeyId: "QUJD", any: [{ xml: '<e:x xmlns:e="urn:e"><e:y/></e:x>' }, { xml: '<z xmlns="urn:z"/>' }] });
    expect(fromXml(PgpData, toXml(PgpData, value))).toEqual(value);
    expect(() => toXml(PgpData, { ...value, any: [{ xml: "<no-namespace/><two/>" }] })).toThrow(ValidationError);
  });

  it("merge a name that both branches of a choice have", () => {
    const value = fromXml(PgpData, ds("<PGPKeyPacket>QUJD</PGPKeyPacket>", "PGPData"));
    expect(value).toEqual({ pgpKeyPacket: "QUJD", any: [] });
    expect(() => toXml(PgpData, { any: [] })).toThrow(/PGPKeyID or PGPKeyPacket is missing/);
  });

  it("keep the order of a repeated group, wildcards in their place", () => {
    const value = fromXml(
      X509Data,
      ds('<X509SubjectName>a</X509SubjectName><x xmlns="urn:x"/><X509SKI>QUJD</X509SKI><X509SubjectName>b</X509SubjectName>', "X509Data"),
    );
    expect(value).toEqual({
      items: [{ x509SubjectName: "a" }, { any: { xml: '<x xmlns="urn:x"/>' } }, { x509Ski: "QUJD" }, { x509SubjectName: "b" }],
    });
    expect(fromXml(X509Data, toXml(X509Data, value))).toEqual(value);
  });

  it("take groups that come whole or not at all", () => {
    expect(fromXml(DsaKeyValue, ds("<Y>QUJD</Y>", "DSAKeyValue"))).toEqual({ y: "QUJD" });
    expect(() => fromXml(DsaKeyValue, ds("<P>QUJD</P><Y>QUJD</Y>", "DSAKeyValue"))).toThrow(/<Y> cannot come here; expected <Q>/);
    expect(() => toXml(DsaKeyValue, { y: "QUJD", seed: "QUJD" })).toThrow(/PgenCounter is missing/);
    expect(DsaKeyValue.schema.safeParse({ y: "QUJD", p: "QUJD" }).success).toBe(false);
  });

  it("are read typed on request", () => {
    const info = ds(
      '<CanonicalizationMethod Algorithm="urn:c"/><SignatureMethod Algorithm="urn:s"><HMACOutputLength>128</HMACOutputLength></SignatureMethod><Reference URI=""><DigestMethod Algorithm="urn:d"/><DigestValue>QUJD</DigestValue></Reference>',
      "SignedInfo",
    );
    const value = fromXml(SignedInfo, info);
    expect(value.references[0]).toMatchObject({ uri: "", digestValue: "QUJD" });
    expect(value.signatureMethod.content).toEqual({
      xml: '<HMACOutputLength xmlns="http://www.w3.org/2000/09/xmldsig#">128</HMACOutputLength>',
    });
    expect(fromXml(SignedInfo, toXml(SignedInfo, value))).toEqual(value);
  });
});
