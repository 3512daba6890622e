/** The code of docs/query.md runs, block after block, and prints what it should. */

import { expect, test } from "vitest";
import { runPage } from "./page.js";

test("docs/query.md runs", async () => {
  const { blocks, log, warn } = await runPage("docs/query.md");
  expect(blocks).toBeGreaterThan(7);
  expect(warn).toEqual([]);
  expect(log).toMatchInlineSnapshot(`
    [
      [
        "found",
        {
          "xml": "<STIX_Package xmlns="http://stix.mitre.org/stix-1" timestamp="2014-05-08T09:00:00Z"><Indicators><Indicator id="example:1"><Title>Beacon to 198.51.100.7</Title></Indicator></Indicators></STIX_Package>",
        },
      ],
      [
        "AND",
        true,
      ],
      [
        true,
        false,
      ],
      [
        "match",
      ],
      [
        "no match",
      ],
      [
        "undecidable",
        false,
      ],
      [
        true,
      ],
      [
        "in stix-1.1.1 where (**/Title contains beacon nocase or **/Hash exists) and STIX_Package/Indicators/Indicator/@id begins_with example: and not STIX_Package/@timestamp < 2014-01-01T00:00:00Z",
      ],
      [
        true,
      ],
      [
        "Records of urn:stix.mitre.org:xml:1.1.1 for which all of these hold:
      - at least one of these holds:
        - some **/Title contains "beacon", whatever the case of its letters
        - there is at least one **/Hash
      - some STIX_Package/Indicators/Indicator/@id begins with "example:"
      - no STIX_Package/@timestamp is before 2014-01-01T00:00:00Z
    ",
      ],
      [
        "expected a number
      …1 where **/Title = beacon and **/Size_In_Bytes > many
                                                        ^^^^",
      ],
      [
        true,
      ],
      [
        "in stix-1.1.1 where **/Title length:at_most 15",
        "Records of urn:stix.mitre.org:xml:1.1.1 for which this holds:
      - some **/Title has at most 15 characters
    ",
      ],
      [
        true,
      ],
      [
        true,
      ],
      [
        2,
      ],
    ]
  `);
});
